import assert from "node:assert/strict";
import { gatewayLacks } from "../../../provider/apply/rollout/gateGateways";
import { quorumLack, waitsForOthers } from "../../../provider/apply/rollout/gateMeta";
import type { Expected } from "../../../provider/apply/rollout/gate";
import type { Jsz } from "../../../provider/apply/serverAnswers";
import type { AnswerOf, ServerConnection } from "../../../provider/apply/serverConnection";
import { NatsError } from "../../../provider/errors";

const candidates = { urls: [], managements: [], handshakeFirst: false };
const server = (node: string, own: Partial<Expected> = {}): Expected => ({
  node,
  candidates,
  version: "2.15.2",
  digest: undefined,
  clustered: true,
  jetstream: true,
  ...own,
});

describe("gate of a region", () => {
  it("wants the gateways that a server is told of, and those that its peers have", () => {
    const linked = new Map([
      ["a-1", ["b"]],
      ["a-2", ["b", "c"]],
    ]);
    assert.deepEqual(gatewayLacks([server("a-1"), server("a-2")], linked), []);
    assert.deepEqual(gatewayLacks([server("a-1", { linkedAsPeers: true }), server("a-2")], linked), [
      "a-1 has no gateway to c",
    ]);
    assert.deepEqual(gatewayLacks([server("a-1", { gateways: ["b", "d"] })], linked), ["a-1 has no gateway to d"]);
    // Not asked yet is not lacking.
    assert.deepEqual(gatewayLacks([server("a-3", { gateways: ["b"] })], linked), []);
  });

  it("spares a server where the meta group over all regions would lose its quorum", async () => {
    const own = ["a-1", "a-2", "a-3"];
    const six = [...own, "b-1", "b-2", "b-3"];
    assert.equal(await quorumLack(connection(six, 6, "b-1"), "a-1", own), undefined);
    assert.equal(
      await quorumLack(connection([...own, "b-1"], 6, "b-1", six), "a-1", own),
      "without a-1 JetStream's meta group would have 3 of 6 servers, and 4 are needed (b-2, b-3 do not answer)",
    );
    // Within one cluster the gate has seen all of them.
    assert.equal(await quorumLack(connection(["a-1"], 3, "a-1", own), "a-1", own), undefined);
  });

  it("goes on without a meta leader only while too few servers run for one", async () => {
    assert.equal(await waitsForOthers(connection(["a-1"], 2)), true);
    assert.equal(await waitsForOthers(connection(["a-1", "b-1"], 2)), false);
    assert.equal(await waitsForOthers(connection(["a-1"], 9, "b-1")), false);
  });
});

/** A server of a meta group of that size, as seen where these servers answer. */
function connection(
  answering: readonly string[],
  size: number,
  leader?: string,
  members = answering,
): ServerConnection {
  const group = (name: string): Jsz => ({
    meta_cluster: {
      name: "a",
      cluster_size: size,
      ...(leader === undefined ? {} : { leader }),
      replicas:
        name === leader ? members.filter((one) => one !== name).map((one) => ({ name: one, current: true })) : [],
    },
  });
  const refuse = (): Promise<never> => Promise.reject(new NatsError("not asked here"));
  return {
    node: answering[0]!,
    url: "nats://127.0.0.1:4222",
    serverId: "N1",
    version: "2.15.2",
    isClosed: false,
    canManageJetStream: true,
    ask: <Data>() => Promise.resolve(group(answering[0]!) as Data),
    askAll: <Data>() =>
      Promise.resolve(
        answering.map((name): AnswerOf<Data> => ({ server: name, cluster: "a", data: group(name) as Data })),
      ),
    askJetStream: refuse,
    close: () => Promise.resolve(),
  };
}
