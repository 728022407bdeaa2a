import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { clientSocket } from "./clientSocket";

/** TLS over a connection; rejects with what ended it, also where the other side just went away. */
export async function clientTls(socket: Duplex, options: ConnectionOptions): Promise<TLSSocket> {
  // Its close has been before, and is not heard again.
  if (socket.destroyed) throw goneMidway();
  return new Promise((resolve, reject) => {
    let heard: Error | undefined;
    const secure = clientSocket(connect({ ...options, socket }));
    const closed = (): void => {
      reject(heard ?? goneMidway());
    };
    secure.on("error", (error: Error) => void (heard ??= error));
    secure.on("close", closed);
    secure.once("secureConnect", () => {
      secure.off("close", closed);
      resolve(secure);
    });
  });
}

function goneMidway(): Error {
  return Object.assign(new Error("the connection was closed before TLS was established"), { code: "ECONNRESET" });
}
