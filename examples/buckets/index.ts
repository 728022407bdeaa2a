/**
 * # Buckets: settings of services and files for them
 *
 * A key-value bucket with what services read at their start and watch while they run, and an object store with files. What an
 * operator changes by hand shows in the preview after `pulumi refresh`; a value that the stack has not seen is never written over.
 * The servers are those that the nats CLI would take (`NATS_URL`, `NATS_CREDS`, `NATS_CONTEXT`), or `servers` of the stack.
 *
 *     nats-server -js &
 *     export NATS_URL=nats://127.0.0.1:4222
 *     pulumi config set --secret apiToken t0ken
 *     pulumi up
 *     nats kv get settings api.limits --raw
 *     nats object ls assets
 *     nats kv put settings api.limits '{"rate":1}' && pulumi refresh && pulumi preview --diff
 *     pulumi destroy                                          # refuses while others keep keys or objects there, and says how many
 *
 * Settings: `apiToken` (a secret), `servers` (URLs), `replicas` (1; 3 on a cluster), `rate` (100).
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const servers = config.get("servers");
const provider = new nats.Provider("account", servers === undefined ? {} : { servers });
const replicas = config.getNumber("replicas") ?? 1;

const settings = new nats.KeyValue("settings", { history: 10, replicas, limitMarkerTtl: "1m" }, { provider });

new nats.KeyValueEntry(
  "limits",
  { bucket: settings.bucket, key: "api.limits", json: { rate: config.getNumber("rate") ?? 100, burst: 20 } },
  { provider },
);
new nats.KeyValueEntry(
  "token",
  { bucket: settings.bucket, key: "api.token", value: config.requireSecret("apiToken"), onDelete: "purge" },
  { provider },
);
// Services switch it by themselves later: only the first value is the program's.
new nats.KeyValueEntry(
  "leader",
  { bucket: settings.bucket, key: "jobs.leader", value: "none" },
  { provider, ignoreChanges: ["value"] },
);

const assets = new nats.ObjectStore("assets", { maxBytes: "1GiB", compression: true, replicas }, { provider });

const page = new nats.StoredObject(
  "program",
  {
    bucket: assets.bucket,
    name: "docs/program.ts",
    file: "index.ts",
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  },
  { provider },
);

export const bucket = settings.bucket;
export const store = assets.bucket;
export const digest = page.digest;
