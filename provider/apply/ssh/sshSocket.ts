import net from "node:net";
import { SshError } from "./sshError";
import { seconds } from "../within";

/** A TCP connection, or an error that says what stands in the way. `timeout` in milliseconds. */
export function sshSocket(label: string, address: string, port: number, timeout: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port, noDelay: true });
    const fail = (reason: string, fix: string, cause?: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new SshError("unreachable", label, reason, fix, cause));
    };
    const timer = setTimeout(
      () =>
        fail(
          `no answer within ${seconds(timeout)}`,
          `see that the host is up and no firewall drops port ${port}, or name the host that leads there: proxyJump: { address: … }`,
        ),
      timeout,
    );
    socket.once("error", (error: NodeJS.ErrnoException) => fail(...explain(error, address, port), error));
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

function explain(error: NodeJS.ErrnoException, address: string, port: number): [reason: string, fix: string] {
  // Of several addresses, each has failed: the first one speaks for all.
  const first = (error as { errors?: NodeJS.ErrnoException[] }).errors?.[0] ?? error;
  switch (first.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [
        `no address is known for ${JSON.stringify(address)} (${first.code})`,
        "see that the name is right, or give an IP address",
      ];
    case "ECONNREFUSED":
      return [
        `connection refused: nothing listens on port ${port}`,
        "systemctl enable --now ssh (on the host), or give the port that sshd has",
      ];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        `no route to the host (${first.code})`,
        "see the address and the network, or name the host that leads there: proxyJump: { address: … }",
      ];
    case "ETIMEDOUT":
      return ["no answer (ETIMEDOUT)", "see that the host is up, and the firewall"];
    default:
      return [first.message, "see that the host is up and can be reached"];
  }
}
