import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { execInPod } from "../../../../provider/apply/kubernetes/execInPod";
import { KubeApi } from "../../../../provider/apply/kubernetes/kubeApi";
import { FakeKube } from "../../../bed/fakeKube";
import { closeFrame, streamFrame } from "../../../bed/webSocket";

const path = "/api/v1/namespaces/nats/pods/east-0/exec";
const command = ["nats-server", "--signal", "reload=1"];
const place = "nats-server --signal reload=1 in pod nats/east-0";
const fix = "see that the pod and its node are well (kubectl get pods,nodes -o wide), then run this again";

describe("A command in a pod", () => {
  let fake: FakeKube;
  beforeEach(async () => (fake = await FakeKube.start()));
  afterEach(() => fake.stop());

  const run = (program: (socket: Duplex) => void, timeout?: number): Promise<string> => {
    fake.programs.set(path, program);
    const api = new KubeApi({ kubeconfig: fake.kubeconfig });
    return execInPod(api, "nats", "east-0", command, timeout === undefined ? {} : { timeout });
  };

  it("gives what it said, or fails with it", async () => {
    const ending = (status: string) => (socket: Duplex) => {
      socket.write(streamFrame(1, "no such "));
      socket.write(streamFrame(2, "process\n"));
      socket.write(streamFrame(3, JSON.stringify({ status, message: "exit code 1" })));
    };
    assert.equal(await run(ending("Success")), "no such process\n");
    await assert.rejects(run(ending("Failure")), { message: `${place}: no such process` });
  });

  for (const [how, end] of [
    ["breaks", (socket: Duplex) => socket.destroy()],
    ["is closed as it should be", (socket: Duplex) => socket.end(closeFrame)],
  ] as const) {
    it(`that never ends fails at once where its connection ${how}`, async () => {
      const begin = Date.now();
      const program = (socket: Duplex): void => {
        socket.write(streamFrame(1, "half of"), () => setTimeout(() => end(socket), 50));
      };
      await assert.rejects(run(program), {
        message: `${place}: the connection was closed before it ended. Fix: ${fix}`,
      });
      assert.ok(Date.now() - begin < 5000, `${Date.now() - begin} ms`);
    });
  }

  it("fails too where the connection is closed as soon as it is open", async () => {
    await assert.rejects(
      run((socket) => socket.end(closeFrame)),
      /the connection was closed before it ended/,
    );
  });

  it("that never ends is given up in its time, and its connection closed", async () => {
    let closed: Promise<number> | undefined;
    const program = (socket: Duplex): void => {
      closed = new Promise((resolve) => socket.once("data", (frame: Buffer) => resolve(frame[0]!)));
    };
    await assert.rejects(run(program, 300), { message: `${place}: no end within 0.3 s. Fix: ${fix}` });
    // A final frame whose kind is "close".
    assert.equal(await closed, 0x88);
  });

  it("in no pod, or in one where this user may run none, says so", async () => {
    const api = new KubeApi({ kubeconfig: fake.kubeconfig });
    await assert.rejects(execInPod(api, "nats", "east-0", command), { message: `${place}: it is not there` });
    fake.answers.set(`GET ${path}`, { status: 403, message: "" });
    const message = `${place}: the user of the kubeconfig may not "create" "pods/exec" there`;
    await assert.rejects(execInPod(api, "nats", "east-0", command), { message });
  });
});
