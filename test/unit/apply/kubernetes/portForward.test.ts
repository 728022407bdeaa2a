import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { PortForward } from "../../../../provider/apply/kubernetes/portForward";
import { fakeKubeconfig } from "../../../bed/fakeKubeconfig";

describe("A way through Kubernetes", () => {
  it("closes a web socket that comes after its time", async () => {
    const server = http.createServer();
    const asked = new Promise<() => Duplex>((resolve) => {
      server.on("upgrade", (request, socket) => resolve(() => accept(request, socket)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const pods = { "east-0.east-headless.nats.svc": ["east-0"] };
      const forward = new PortForward({
        kind: "kubernetes",
        namespace: "nats",
        kubeconfig: fakeKubeconfig(port),
        pods,
      });
      await assert.rejects(forward.dial("east-0.east-headless.nats.svc", 4222, 100), {
        message: "pod nats/east-0 can't be reached: no connection within 0.1 s",
      });
      const socket = (await asked)();
      const [first] = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
      // A final frame whose kind is "close".
      assert.equal(first, 0x88);
      socket.end(Buffer.from([0x88, 0]));
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

/** The server's side of RFC 6455's handshake. */
function accept({ headers }: http.IncomingMessage, socket: Duplex): Duplex {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
    "Sec-WebSocket-Protocol: v4.channel.k8s.io",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}
