import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { NatsError } from "../errors";
import { moreThanExpired } from "../model/expiredCertificate";
import type { WantedOfExpired } from "../model/expiredCertificate";

const expiry = "CERT_HAS_EXPIRED";

/** Whether a connection failed because the server's certificate has expired. */
export function hasExpired(error: Error & { readonly code?: string; readonly chainedError?: Error }): boolean {
  const { code, message, chainedError } = error;
  return code === expiry || /certificate has expired/i.test(message) || (!!chainedError && hasExpired(chainedError));
}

/**
 * Ends a connection without proof that the server is the one that is meant: Node says no more than one thing that is wrong with a
 * certificate, so that of an expired one all else has to be looked at.
 */
export function refuseUnlessExpired(socket: TLSSocket, wanted: WantedOfExpired): void {
  if (socket.authorized) return;
  // Its type says Error, and it is the code.
  const code = String(socket.authorizationError);
  const reason = code === expiry ? moreThanExpired(chainOf(socket), wanted) : code;
  if (reason === undefined) return;
  socket.destroy();
  throw new NatsError(reason);
}

function chainOf(socket: TLSSocket): [X509Certificate, ...X509Certificate[]] {
  const chain: [X509Certificate, ...X509Certificate[]] = [socket.getPeerX509Certificate()!];
  for (let next = chain[0].issuerCertificate; next; next = next.issuerCertificate) {
    if (chain.some((one) => one.fingerprint256 === next.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}
