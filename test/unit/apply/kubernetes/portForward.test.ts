import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { PortForward } from "../../../../provider/apply/kubernetes/portForward";
import { fakeKubeconfig } from "../../../bed/fakeKubeconfig";
import { acceptWebSocket, closeFrame } from "../../../bed/webSocket";

describe("A way through Kubernetes", () => {
  it("closes a web socket that comes after its time", async () => {
    const server = http.createServer();
    const asked = new Promise<() => Duplex>((resolve) => {
      server.on("upgrade", (request, socket) => resolve(() => acceptWebSocket(request, socket)));
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
      socket.end(closeFrame);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
