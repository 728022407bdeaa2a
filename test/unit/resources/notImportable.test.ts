import assert from "node:assert/strict";
import { handlerOf } from "../../../provider/host/registry";
import { contextOf } from "../../contract/suite";

describe("An import of what no server could tell", () => {
  for (const [kind, reason] of [
    ["GatewayLinks", /it is no object of a server\. Fix: new nats\.SuperCluster\(…\) makes it$/],
    ["KubernetesPreflight", /it is no object of its own\. Fix: nats\.kubernetes\(\{ … \}\) makes it$/],
    ["KubernetesRollout", /no server tells its whole configuration\. Fix: nats\.kubernetes\(\{ … \}\) makes it$/],
    ["Servers", /no server tells its whole configuration\. Fix: target: nats\.thisMachine\(\{ dir: "x" \}\)$/],
    ["NackSettled", /it is no object of its own\. Fix: new nats\.nack\.Stream\(…\) and its like make it$/],
    ["Nkey", /NATS keeps no seeds\. Fix: without import, or the seed that there is where it is used/],
    ["Operator", /no server has its seeds\. Fix: key: "SO…" and systemAccountKey: "SA…" in place of import$/],
    ["Password", /NATS tells no passwords\. Fix: without import, or the password that there is where it is used$/],
    ["Regions", /it is no object of a server\. Fix: new nats\.SuperCluster\(…\) makes it$/],
    ["User", /no server knows of it\. Fix: key: "SU…" in place of import$/],
  ] as const) {
    it(`is refused: ${kind}`, async () => {
      const { context } = contextOf(new Map(), undefined);
      await assert.rejects(handlerOf(kind)!.read(context, "x", undefined), (error: Error) => {
        assert.ok(error.message.startsWith(`${kind} "x" can't be imported: `), error.message);
        assert.match(error.message, reason);
        return true;
      });
    });
  }
});
