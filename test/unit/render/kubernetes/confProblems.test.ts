import assert from "node:assert/strict";
import { toConfValue } from "../../../../provider/conf/value";
import type { ConfMap } from "../../../../provider/conf/value";
import { confProblems } from "../../../../provider/render/kubernetes/confProblems";
import type { KubernetesSettings } from "../../../../provider/render/kubernetes/settings";

const claim: KubernetesSettings["volume"] = { kind: "claim", size: "1GiB", accessMode: "ReadWriteOnce" };
const problemsOf = (conf: object, more: Partial<KubernetesSettings> = {}): string[] =>
  confProblems(toConfValue(conf as never) as ConfMap, { volume: claim, ...more }).map(
    ({ path, severity }) => `${severity ?? "error"} ${path}`,
  );

describe("nats.conf beside its pods", () => {
  it("may promise what there is", () => {
    assert.deepEqual(problemsOf({ jetstream: { max_file_store: 1024 ** 3 } }), []);
    assert.deepEqual(problemsOf({ jetstream: { max_mem: "1GB" } }), []);
    assert.deepEqual(problemsOf({}), []);
  });

  it("is warned of where it promises more", () => {
    assert.deepEqual(problemsOf({ jetstream: { max_file_store: "2GB" } }), ["warning jetstream.maxFileStore"]);
    assert.deepEqual(problemsOf({ jetstream: { max_mem: "1GB" } }, { resources: { limits: { memory: "512Mi" } } }), [
      "warning jetstream.maxMemoryStore",
    ]);
  });

  it("leaves the name of the server's own file to the rollout", () => {
    assert.deepEqual(problemsOf({ pid_file: "/tmp/x" }), ["error config.pidFile"]);
  });
});
