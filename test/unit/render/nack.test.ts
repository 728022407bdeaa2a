import assert from "node:assert/strict";
import { connectFiles } from "../../../provider/render/connectFiles";
import { nackAccess, nackArgs, nackDeployment } from "../../../provider/render/nack/controller";
import type { NackSettings } from "../../../provider/render/nack/controller";
import { nackDefinitions } from "../../../provider/render/nack/crds";

interface Schema {
  readonly type: string;
  readonly properties: Readonly<Record<string, Schema & { enum?: string[]; default?: unknown; items?: Schema }>>;
}

const settings: NackSettings = {
  name: "nack",
  namespace: "nats",
  labels: {},
  image: "natsio/jetstream-controller:0.22.4",
  namespaced: true,
  readOnly: false,
};

describe("nack in Kubernetes", () => {
  it("has definitions whose fields are those that the controller reads", () => {
    const definitions = nackDefinitions({});
    assert.deepEqual(
      definitions.map(({ metadata }) => metadata.name),
      ["streams", "consumers", "keyvalues", "objectstores", "accounts"].map((plural) => `${plural}.jetstream.nats.io`),
    );
    const spec = definitions[0]!["spec"] as { versions: [{ schema: { openAPIV3Schema: Schema } }] };
    const stream = spec.versions[0].schema.openAPIV3Schema.properties["spec"]!.properties;
    assert.deepEqual(stream["maxBytes"], { type: "integer", default: -1 });
    assert.deepEqual(stream["maxAge"], { type: "string" });
    assert.deepEqual(stream["storage"], { type: "string", enum: ["file", "memory"], default: "memory" });
    assert.deepEqual(stream["subjects"], { type: "array", items: { type: "string" } });
    assert.equal(stream["republish"]!.properties["headers_only"]!.type, "boolean", "which other definitions lack");
    // Objects that were made under other definitions have empty texts there.
    assert.deepEqual(stream["compression"]!.enum, ["none", "s2", ""]);
  });

  it("runs with files for what is secret, and nothing of it among its arguments", () => {
    assert.deepEqual(nackArgs(settings, ["nats://a:4222", "nats://b:4222"], ["nkey", "tlsca"], true), [
      "--control-loop",
      "-s",
      "nats://a:4222,nats://b:4222",
      "--nkey=/etc/nack/user.nk",
      "--tlsca=/etc/nack/ca.pem",
      "--tlsfirst",
      "--namespace=nats",
      "--cache-dir=/var/cache/nack",
    ]);
    const everywhere = { ...settings, namespaced: false, readOnly: true, syncInterval: "5m" };
    assert.deepEqual(nackArgs(everywhere, [], [], false), [
      "--control-loop",
      "--crd-connect",
      "--read-only",
      "--sync-interval=5m",
      "--cache-dir=/var/cache/nack",
    ]);
  });

  it("may read Secrets of its own namespace alone, unless it serves all", () => {
    assert.deepEqual(
      nackAccess(settings).map(({ kind }) => kind),
      ["ServiceAccount", "Role", "RoleBinding"],
    );
    const [, role, binding] = nackAccess({ ...settings, namespaced: false });
    assert.deepEqual([role!.kind, role!.metadata.name], ["ClusterRole", "nats-nack"]);
    assert.deepEqual(binding!["subjects"], [{ kind: "ServiceAccount", name: "nack", namespace: "nats" }]);
  });

  it("satisfies restricted pod security, one pod at a time", () => {
    const { spec } = nackDeployment({ ...settings, secret: "nack" }, []) as unknown as {
      spec: {
        strategy: object;
        template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } };
      };
    };
    assert.deepEqual(spec.strategy, { type: "Recreate" });
    const pod = spec.template.spec;
    assert.equal(pod["serviceAccountName"], "nack");
    assert.deepEqual(pod["securityContext"], {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(pod.containers[0]!["securityContext"], {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.deepEqual(pod["volumes"], [
      { name: "cache", emptyDir: { medium: "Memory" } },
      { name: "credentials", secret: { secretName: "nack", defaultMode: 0o440 } },
    ]);
  });
});

describe("a context as files", () => {
  it("names the files beside it, and no more than there is", () => {
    const files = connectFiles(
      "app",
      { servers: ["tls://a:4222"], creds: "CREDS", ca: "CA", tlsFirst: true },
      "/contexts",
    );
    assert.deepEqual(Object.keys(files), ["app.json", "app.creds", "app.ca.pem"]);
    assert.deepEqual(JSON.parse(files["app.json"]!), {
      url: "tls://a:4222",
      description: "app",
      creds: "/contexts/app.creds",
      ca: "/contexts/app.ca.pem",
      tls_first: true,
    });
    const login = { servers: ["nats://a:4222"], user: "app", password: "secret", ca: "" };
    assert.deepEqual(Object.keys(connectFiles("app", login, "/contexts")), ["app.json"]);
  });
});
