import { createAccount, createCurve, createOperator, createUser } from "nkeys.js";
import { keyTree } from "../../provider/model/facts";
import type { KeyNode } from "../../provider/model/facts";
import { properties } from "../../provider/model/config/propertyName";
import { shapesOf } from "../../provider/model/config/shape";
import type { Shape } from "../../provider/model/config/shape";

/** Keys that can't be filled by their type alone: files, keys, and what excludes each other. Where a value is given, that is taken. */
type Special = (random: () => number, files: Files, node: KeyNode) => unknown;
interface Files {
  readonly dir: string;
  readonly cert: string;
  readonly key: string;
}
const leaveOut: Special = () => undefined;
const publicKey = (pair: { getPublicKey(): string }): string => pair.getPublicKey();
let count = 0;

const specials: Readonly<Record<string, Special>> = {
  maxPayload: () => "2MiB",
  maxControlLine: () => "4KiB",
  maxSubscriptionTokens: (random) => 1 + Math.floor(random() * 255),
  lameDuckDuration: (random) => `${30 + Math.floor(random() * 90)}s`,
  lameDuckGracePeriod: () => "7s",
  certFile: (_, files) => files.cert,
  keyFile: (_, files) => files.key,
  caFile: (_, files) => files.cert,
  certs: leaveOut,
  certStore: leaveOut,
  certMatchBy: leaveOut,
  certMatch: () => "x",
  cipherSuites: () => ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"],
  pinnedCerts: () => ["0123456789abcdef".repeat(4)],
  verifyCertAndCheckKnownUrls: leaveOut,
  dir: (_, files) => `${files.dir}/jwt`,
  operator: leaveOut,
  defaultSentinel: leaveOut,
  resolver: (random, files) => (random() < 0.5 ? "MEMORY" : { type: "full", dir: `${files.dir}/jwt`, interval: "1m" }),
  resolverPreload: () => ({}),
  resolverPinnedAccounts: () => [publicKey(createAccount())],
  trustedKeys: () => [publicKey(createOperator())],
  issuer: () => publicKey(createAccount()),
  xkey: () => publicKey(createCurve()),
  allowedAccounts: leaveOut,
  nkey: leaveOut,
  key: () => publicKey(createUser()),
  url: () => `nats://user:p%40ss@host${count++}:4222`,
  urls: () => [`nats://host${count++}:4222`, `nats://host${count++}:4222`],
  routes: () => [`nats-route://u:p@host${count++}:6222`, `nats-route://host${count++}`],
  remoteSyslog: () => "udp://localhost:514",
  token: leaveOut,
  user: () => `user${count++}`,
  users: randomUsers,
  minVersion: leaveOut,
  storeDir: leaveOut,
  stream: leaveOut,
  consumerReplicas: leaveOut,
  maxAckPending: (random) => Math.floor(random() * 60_000),
  maxConcurrentIo: (random) => 4 + Math.floor(random() * 8000),
  pingInterval: (random) => `${1 + Math.floor(random() * 29)}s`,
  timeout: (random) => (random() < 0.3 ? "1500ms" : `${1 + Math.floor(random() * 59)}s`),
  weight: (random) => (random() < 0.5 ? Math.floor(random() * 50) : `${Math.floor(random() * 50)}%`),
  sampling: (random) => 1 + Math.floor(random() * 100),
  handshakeFirst: (random) => [true, false, "auto", "300ms"][Math.floor(random() * 4)],
  exports: () => [{ stream: "s.>" }, { service: "svc.*", responseType: "stream", threshold: "1d", allowTrace: true }],
  imports: leaveOut,
  mappings: () => ({
    "a.*": "b.$1",
    c: [{ destination: "d", weight: 30 }],
    "e.>": { destination: "f.>", weight: "10%" },
  }),
  metaCompactSize: () => "1MiB",
  proxy: () => ({ url: "http://proxy:3128", username: "u", password: "p w", timeout: "3s" }),
  authorization: (random, _, node) => {
    if (node.members.has("auth_callout"))
      return { users: randomUsers(random), timeout: "1s", defaultPermissions: { publish: "d.>" } };
    return random() < 0.5 ? { user: `u${count++}`, password: 'a"b\\c\n$d', timeout: "2s" } : { timeout: "2500ms" };
  },
  destination: () => "x.y",
  name: () => `name-${count++}`,
  serverName: () => `server-${count++}`,
  systemAccount: () => "SYS",
  allowResponses: (random) => (random() < 0.5 ? true : { max: -1, expires: "2w" }),
  msgTrace: () => ({ dest: "trace.here", sampling: 20 }),
  latency: leaveOut,
  permissions: leaveOut,
  gateways: () => [{ name: `g${count++}`, urls: [`nats://g${count++}:7222`] }],
  proxies: () => ({ trusted: [{ key: publicKey(createUser()) }] }),
  authCallout: leaveOut,
  ocsp: (random) => (random() < 0.5 ? false : { mode: "never" }),
};

function randomUsers(random: () => number): unknown[] {
  const permissions = {
    publish: random() < 0.5 ? ["a.>", "b"] : { allow: "a.>", deny: ["b.*"] },
    subscribe: ["_INBOX.>", "work.* queue"],
    allowResponses: random() < 0.5 ? true : { max: -1, expires: "2w" },
  };
  return [
    { user: `user${count++}`, password: "p#{$x", permissions, allowedConnectionTypes: ["MQTT", "STANDARD"] },
    { nkey: publicKey(createUser()), proxyRequired: random() < 0.5 },
  ];
}

/** A configuration with about a fifth of all keys of some blocks, by the keys' types. */
export function randomConfig(random: () => number, dir: string, cert: string, key: string): Record<string, unknown> {
  const config = randomBlock(keyTree(), random, 0.12, { dir, cert, key });
  return Object.keys(config).length > 0 ? config : { debug: true };
}

function randomBlock(node: KeyNode, random: () => number, share: number, files: Files): Record<string, unknown> {
  const block: Record<string, unknown> = {};
  for (const [name, member] of properties(node)) {
    if (random() > share) continue;
    const special = specials[name];
    const value = special ? special(random, files, member) : randomValue(shapesOf(member), random, files, name);
    if (value !== undefined) block[name] = value;
  }
  // Remotes without URLs are all the same one to a server.
  if (node.members.has("jetstream_cluster_migrate") && !("url" in block)) block["url"] = `nats://host${count++}`;
  if ("certFile" in block !== "keyFile" in block) Object.assign(block, { certFile: files.cert, keyFile: files.key });
  if (node.key === "authorization" || node.key === "trusted") delete block["permissions"];
  return block;
}

function randomValue(shapes: readonly Shape[], random: () => number, files: Files, name: string): unknown {
  const shape = shapes[Math.floor(random() * shapes.length)]!;
  const whole = (most: number): number => Math.floor(random() * most);
  const choose = <Choice>(...choices: Choice[]): Choice => choices[whole(choices.length)]!;
  switch (shape.is) {
    case "bool":
      return random() < 0.5;
    case "int":
      return whole(1000);
    case "size":
      return choose<unknown>("1MB", "512KiB", "3GiB", "100", "7M");
    case "duration":
    case "seconds":
      return choose("1s", "1500ms", "2m", "1h30m", "1d");
    case "text":
      return name === "publish" || name === "subscribe" || name.startsWith("deny") || name === "allow"
        ? "a.*.>"
        : choose("plain", "with space", 'quote " and \\', "line\nbreak", "$var", "ünï", "12345", "true");
    case "word":
      return shape.words[whole(shape.words.length)];
    case "listen":
      return choose<unknown>("127.0.0.1:4333", 4444, "[::1]:80", -1);
    case "percent":
      return choose<unknown>(50, "20%");
    case "block":
      return randomBlock(shape.node, random, 0.3, files);
    case "list":
      return [...new Set(Array.from({ length: 1 + whole(2) }, () => randomValue(shape.of, random, files, name)))];
    case "map":
      return Object.fromEntries(
        Array.from({ length: whole(3) }, (_, index) => [
          `${choose("A", "with.dot", "B-", "x y")}${index}`,
          randomValue(shape.of, random, files, name),
        ]),
      );
  }
}
