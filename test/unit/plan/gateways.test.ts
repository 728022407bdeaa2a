import assert from "node:assert/strict";
import { toConfValue } from "../../../provider/conf/value";
import type { ConfMap } from "../../../provider/conf/value";
import { explainConfig } from "../../../provider/plan/explainConfig";
import { changesGatewayTerms, joinsOthers, remoteClusters } from "../../../provider/plan/gateways";
import { planRollout } from "../../../provider/plan/rollout";

const remote = { name: "west", urls: ["nats://10.0.2.1:7222"] };
const joining = conf({ jetstream: {}, gateway: { name: "east", gateways: [{ name: "east" }, remote] } });

describe("gateways in a plan", () => {
  it("lead to the other clusters that a configuration names", () => {
    assert.deepEqual(remoteClusters(joining), ["west"]);
    assert.deepEqual(remoteClusters(conf({ gateway: { name: "east" } })), []);
    assert.equal(joinsOthers(joining), true);
    assert.equal(joinsOthers(conf({ gateway: { name: "east", gateways: [remote] } })), false);
    assert.equal(joinsOthers(conf({ jetstream: {}, gateway: { name: "east", gateways: [] } })), false);
  });

  it("make one server join before the others start, whether new or stopped", () => {
    const names = ["east-1", "east-2", "east-3"];
    const wanted = { version: "2.15.2", allowOutage: false, allowDataLoss: false };
    const stepsOf = (own: ConfMap, state: "missing" | "stopped"): unknown[] => {
      const nodes = new Map(names.map((name) => [name, own]));
      const seen = names.map((name) => ({ name, state, files: [], isLoaded: false }));
      return planRollout({ ...wanted, nodes }, seen, explainConfig).steps.map((step) => step.nodes);
    };
    assert.deepEqual(stepsOf(joining, "missing"), [["east-1"], ["east-2", "east-3"]]);
    assert.deepEqual(stepsOf(joining, "stopped"), [["east-1"], ["east-2", "east-3"]]);
    assert.deepEqual(stepsOf(conf({ jetstream: {}, gateway: { name: "east" } }), "missing"), [names]);
  });

  it("are on other terms with new TLS or logins, not with another remote cluster", () => {
    const terms = (own: object): ConfMap => conf({ gateway: { name: "east", ...own } });
    assert.equal(changesGatewayTerms(terms({}), terms({ gateways: [remote] })), false);
    assert.equal(
      changesGatewayTerms(terms({ authorization: { timeout: 5 } }), terms({ authorization: { timeout: 5 } })),
      false,
    );
    assert.equal(changesGatewayTerms(terms({}), terms({ tls: { verify: true } })), true);
    assert.equal(changesGatewayTerms(conf({}), terms({})), true);
  });
});

function conf(value: object): ConfMap {
  return toConfValue(value) as ConfMap;
}
