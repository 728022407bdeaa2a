import assert from "node:assert/strict";
import { toConfValue } from "../../../provider/conf/value";
import type { ConfMap } from "../../../provider/conf/value";
import { numberedNodes } from "../../../provider/model/cluster";
import type { ClusterModel, Listener } from "../../../provider/model/cluster";
import { renderServerConf } from "../../../provider/render/serverConf";

const ports = { client: 4222, monitor: 8222 };
const generated = { clusterPassword: "route-password", managementKey: "UMANAGEMENT" };

describe("nats.conf of a cluster", () => {
  it("of one open server is just this", () => {
    const { config, nodes, secrets } = renderServerConf(model({ count: 1 }));
    assert.equal(
      config,
      `# Cluster east, by pulumi-nats: the next \`pulumi up\` puts back what is changed here by hand.
include "node.conf"
include "secrets.conf"
listen: $CLIENT_LISTEN
http: $MONITOR_LISTEN
lame_duck_duration: "30s"
lame_duck_grace_period: "2s"
system_account: "$SYS"
no_auth_user: "anyone"
authorization {
  users: [
    {
      user: "anyone"
    }
  ]
}
accounts {
  "$SYS" {
    users: [
      {
        nkey: $MANAGEMENT_NKEY
      }
    ]
  }
}
`,
    );
    assert.deepEqual(nodes, {
      "east-1": 'server_name: "east-1"\nCLIENT_LISTEN: "127.0.0.1:4222"\nMONITOR_LISTEN: "127.0.0.1:8222"\n',
    });
    assert.deepEqual(secrets(generated), { MANAGEMENT_NKEY: "UMANAGEMENT" });
  });

  it("of three servers has routes with a password, which stand in the secrets alone", () => {
    const { config, secrets } = renderServerConf(model({ count: 3, tls: true, ports: { ...ports, cluster: 6222 } }));
    assert.equal(
      block(config, "cluster"),
      `cluster {
  name: "east"
  listen: $CLUSTER_LISTEN
  routes: [
    $ROUTE_EAST_1
    $ROUTE_EAST_2
    $ROUTE_EAST_3
  ]
  authorization {
    user: "cluster"
    password: $CLUSTER_PASSWORD
    timeout: 5
  }
  tls {
    cert_file: "current/tls/server.pem"
    key_file: "current/tls/server.key"
    ca_file: "current/tls/ca.pem"
    verify: true
    timeout: 5
  }
}`,
    );
    assert.equal(secrets(generated)["ROUTE_EAST_3"], "nats-route://cluster:route-password@127.0.0.1:6224");
  });

  it("takes what the program says of TLS beside the cluster's own certificate", () => {
    const settings = {
      tls: { handshake_first: true, min_version: "1.3", timeout: 3 },
      cluster: { tls: { pinned_certs: ["ab"] }, pool_size: 5 },
    };
    const { config } = renderServerConf(model({ count: 2, tls: true, settings, ports: { ...ports, cluster: 6222 } }));
    assert.equal(
      block(config, "tls"),
      `tls {
  cert_file: "current/tls/server.pem"
  key_file: "current/tls/server.key"
  ca_file: "current/tls/ca.pem"
  timeout: 3
  handshake_first: true
  min_version: "1.3"
}`,
    );
    assert.match(block(config, "cluster"), /pinned_certs: \[\n {6}"ab"\n {4}\]\n {2}\}\n {2}pool_size: 5\n\}$/);
    assert.equal(config.match(/^ {2}tls \{$/gm)?.length, 1);
    const own = renderServerConf(
      model({ count: 1, tls: true, settings: { tls: { cert_file: "/c", key_file: "/k" } } }),
    );
    assert.match(
      block(own.config, "tls"),
      /^tls \{\n {2}ca_file: "current.*\n {2}timeout: 5\n {2}cert_file: "\/c"\n {2}key_file: "\/k"\n\}$/,
    );
  });

  it("gives every listener its TLS, and explicit timeouts where a default would move", () => {
    const every = { ...ports, cluster: 6222, gateway: 7222, leafnodes: 7422, websocket: 8080, mqtt: 1883 };
    const settings = { gateway: {}, leafnodes: {}, websocket: {}, mqtt: {} };
    const secured = renderServerConf(model({ count: 1, tls: true, settings, ports: every })).config;
    const files = `cert_file: "current/tls/server.pem"
    key_file: "current/tls/server.key"
    ca_file: "current/tls/ca.pem"`;
    const timeout = "  authorization {\n    timeout: 5\n  }\n";
    const expected = {
      gateway: `  tls {\n    ${files}\n    verify: true\n    timeout: 5\n  }\n${timeout}`,
      leafnodes: `  tls {\n    ${files}\n    timeout: 5\n  }\n${timeout}`,
      websocket: `  tls {\n    ${files}\n  }\n`,
      mqtt: `  tls {\n    ${files}\n    timeout: 5\n  }\n`,
    };
    for (const [name, text] of Object.entries(expected)) {
      const lead = name === "gateway" ? '  name: "east"\n' : "";
      assert.equal(block(secured, name), `${name} {\n${lead}  listen: $${name.toUpperCase()}_LISTEN\n${text}}`);
    }
    const plain = renderServerConf(model({ count: 1, settings, ports: every })).config;
    assert.equal(block(plain, "websocket"), "websocket {\n  listen: $WEBSOCKET_LISTEN\n  no_tls: true\n}");
    assert.equal(block(plain, "leafnodes"), `leafnodes {\n  listen: $LEAFNODES_LISTEN\n${timeout}}`);
    const mixed = { websocket: { no_tls: true } };
    const behindProxy = renderServerConf(model({ count: 1, tls: true, settings: mixed, ports: every })).config;
    assert.equal(block(behindProxy, "websocket"), "websocket {\n  listen: $WEBSOCKET_LISTEN\n  no_tls: true\n}");
  });

  it("gives remote gateways the login of the block, by variables that tell their addresses", () => {
    const gateway = {
      authorization: { user: "gateway", password: "p@ss" },
      gateways: [
        { name: "west", urls: ["nats://10.0.0.1:7222", "nats://10.0.0.2:7222"] },
        { name: "north", url: "nats://other:login@10.0.1.1:7222" },
      ],
    };
    const { config, secrets } = renderServerConf(
      model({ count: 1, settings: { gateway }, ports: { ...ports, gateway: 7222, cluster: 6222 } }),
    );
    assert.match(
      block(config, "gateway"),
      /urls: \[\n {8}\$GATEWAY_URL_10_0_0_1_7222\n {8}\$GATEWAY_URL_10_0_0_2_7222\n/,
    );
    assert.doesNotMatch(config, /p@ss|p%40ss|login/);
    const values = secrets(generated);
    assert.equal(values["GATEWAY_URL_10_0_0_1_7222"], "nats://gateway:p%40ss@10.0.0.1:7222");
    assert.ok(Object.values(values).includes("nats://other:login@10.0.1.1:7222"));
  });

  it("has no accounts and no management beside a token", () => {
    const { config, secrets } = renderServerConf(
      model({ count: 1, settings: { authorization: { token: "s3cret-token" } } }),
    );
    assert.match(config, /^authorization \{\n {2}token: \$AUTHORIZATION_TOKEN\n\}$/m);
    assert.doesNotMatch(config, /accounts|system_account|MANAGEMENT/);
    assert.deepEqual(secrets(generated), { AUTHORIZATION_TOKEN: "s3cret-token" });
  });

  it("writes a single user as a list of one, and keeps its own system account", () => {
    const settings = {
      authorization: { user: "solo", password: "solo-password", timeout: 2 },
      system_account: "OPS",
      accounts: { OPS: { users: [{ user: "ops", password: "ops-password" }] } },
    };
    const { config } = renderServerConf(model({ count: 1, settings }));
    assert.match(config, /^system_account: "OPS"$/m);
    assert.match(
      block(config, "authorization"),
      /^authorization \{\n {2}timeout: 2\n {2}users: \[\n {4}\{\n {6}user: "solo"\n {6}password: \$\w+\n/,
    );
    assert.match(
      block(config, "accounts"),
      /OPS \{\n {4}users: \[\n {6}\{\n {8}nkey: \$MANAGEMENT_NKEY\n {6}\}\n {6}\{\n {8}user: "ops"/,
    );
    assert.doesNotMatch(config, /anyone/);
  });
});

interface Wanted {
  readonly count: number;
  readonly tls?: boolean;
  readonly settings?: object;
  readonly ports?: Partial<Record<Listener, number>>;
}

function model(wanted: Wanted): ClusterModel {
  return {
    name: "east",
    nodes: numberedNodes("east", wanted.count, "127.0.0.1", wanted.ports ?? ports),
    layout: { tlsDir: "current/tls", storeDir: "data" },
    settings: toConfValue(wanted.settings ?? {}) as ConfMap,
    tls: wanted.tls ? { verify: false } : undefined,
    secrets: [],
  };
}

/** One block at the top level of the text. */
function block(config: string, name: string): string {
  const found = new RegExp(`^${name} \\{\\n(?:.*\\n)*?\\}$`, "m").exec(config);
  return found?.[0] ?? `no ${name} in:\n${config}`;
}
