import assert from "node:assert/strict";
import { templateChanges, templateReason } from "../../../provider/plan/podTemplate";

const template = (image: string, hash: string, more: object = {}): object => ({
  metadata: { annotations: { "pulumi-nats/restart-keys": hash } },
  spec: { containers: [{ name: "nats", image, env: [{ name: "A", value: "1" }] }], ...more },
});

describe("changes of a pod template", () => {
  it("are named by their path, without the hash of nats.conf's keys", () => {
    assert.deepEqual(templateChanges(template("nats:1", "a"), template("nats:1", "b")), []);
    assert.deepEqual(templateChanges(template("nats:1", "a"), template("nats:2", "b", { priorityClassName: "high" })), [
      "containers[nats].image nats:1 → nats:2",
      "priorityClassName (none) → high",
    ]);
  });

  it("are one reason for a restart, cut where there are many", () => {
    assert.equal(templateReason([]), undefined);
    assert.equal(templateReason(["a 1 → 2"]), "the pod template changes (a 1 → 2)");
    assert.equal(templateReason(["1", "2", "3", "4", "5", "6"]), "the pod template changes (1, 2, 3, 4 and 2 more)");
  });
});
