import assert from "node:assert/strict";
import { isEnded, runsNew } from "../../../provider/apply/rollout/left";
import type { Left } from "../../../provider/apply/rollout/left";
import { leftInPods } from "../../../provider/resources/kubernetesLeft";

describe("A server of a rollout on Kubernetes that stopped", () => {
  const starting = "does not serve; Kubernetes goes on starting it";
  const kept: Left = { how: "old", text: "kept the old configuration, and is stopped as before" };
  const cases: readonly (readonly [Left, { restartReason?: string }, string])[] = [
    [isEnded, {}, starting],
    [{ how: "not put back", text: "could not get the old configuration back: the disk is full" }, {}, starting],
    [runsNew, {}, "runs the new configuration"],
    [runsNew, { restartReason: "another version" }, "serves from its old pod, its turn did not come"],
    [kept, { restartReason: "another version" }, kept.text],
    [{ how: "silent", text: "unreachable" }, {}, "unreachable"],
  ];
  for (const [left, node, words] of cases) {
    it(`${left.text}${node.restartReason ? ", with a restart to come" : ""}: ${words}`, () => {
      assert.equal(leftInPods(left, node), words);
    });
  }
});
