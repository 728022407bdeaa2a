import assert from "node:assert/strict";
import { parseConf } from "../../provider/conf/parser";
import { isError } from "../../provider/errors";
import { checkConf, parserProblems } from "../../provider/model/config/checkConf";
import { ModelBed } from "./modelBed";
import { corpusKeys } from "./modelCorpus";

interface Refusal {
  readonly name: string;
  readonly conf: string;
  /** What the server says when it refuses. */
  readonly server: RegExp;
  /** Our path and reason. */
  readonly path: string;
  readonly reason: RegExp;
}

const keys = corpusKeys();
const any = `port: -1\n`;
const routes = `routes: ["nats://127.0.0.1:1"]`;
const clustered = `server_name: a\ncluster { name: c, listen: "127.0.0.1:-1", ${routes} }\n`;

/** Accepted by `nats-server -t`, refused by a start. */
const refusals: readonly Refusal[] = [
  {
    name: "max_payload above max_pending",
    conf: `max_payload: 65MB`,
    server: /max_payload .* cannot be higher than max_pending/,
    path: "max_payload",
    reason: /68157440.*more than max_pending \(67108864\)/,
  },
  {
    name: "no_auth_user without users",
    conf: `no_auth_user: bob`,
    server: /no_auth_user.*users\/nkeys are not defined/,
    path: "no_auth_user",
    reason: /"bob" is not declared/,
  },
  {
    name: "no_auth_user that is not there",
    conf: `no_auth_user: bob\nauthorization { users: [ { user: al, password: p } ] }`,
    server: /not present as user or nkey/,
    path: "no_auth_user",
    reason: /"bob" is not declared/,
  },
  {
    name: "JetStream cluster without server_name",
    conf: `jetstream { store_dir: "{dir}/a" }\ncluster { name: c, listen: "127.0.0.1:-1", ${routes} }`,
    server: /requires `server_name`/,
    path: "server_name",
    reason: /needs server_name/,
  },
  {
    name: "JetStream cluster without cluster.name",
    conf: `server_name: a\njetstream { store_dir: "{dir}/b" }\ncluster { listen: "127.0.0.1:-1", ${routes} }`,
    server: /requires `cluster.name`/,
    path: "cluster.name",
    reason: /needs cluster.name/,
  },
  {
    name: "JetStream cluster without routes",
    conf: `server_name: a\njetstream { store_dir: "{dir}/r" }\ncluster { name: c, listen: "127.0.0.1:-1" }`,
    server: /requires configured routes/,
    path: "cluster.routes",
    reason: /needs routes/,
  },
  {
    name: "JetStream with a gateway alone",
    conf: `server_name: a\njetstream { store_dir: "{dir}/w" }\ngateway { name: c, listen: "127.0.0.1:-1" }`,
    server: /requires configured routes/,
    path: "cluster.routes",
    reason: /needs routes/,
  },
  {
    name: "gateway without port",
    conf: `gateway { name: c }`,
    server: /has no port specified/,
    path: "gateway",
    reason: /has no port/,
  },
  {
    name: "gateway without name",
    conf: `gateway { port: -1 }`,
    server: /gateway has no name/,
    path: "gateway",
    reason: /has no name/,
  },
  {
    name: "gateway.name other than cluster.name",
    conf: `${clustered}gateway { name: d, listen: "127.0.0.1:-1" }`,
    server: /cluster name conflicts|conflict/i,
    path: "gateway.name",
    reason: /"d" is not the same as cluster.name \("c"\)/,
  },
  {
    name: "remote gateway without URL",
    conf: `gateway { name: c, listen: "127.0.0.1:-1", gateways: [ { name: d } ] }`,
    server: /gateway "d" has no URL/,
    path: "gateway.gateways[0]",
    reason: /has no URL/,
  },
  {
    name: "remote gateway without name",
    conf: `gateway { name: c, listen: "127.0.0.1:-1", gateways: [ { url: "nats://h:7222" } ] }`,
    server: /gateway in the list 0 has no name/,
    path: "gateway.gateways[0]",
    reason: /has no name/,
  },
  {
    name: "websocket without tls",
    conf: `websocket { listen: "127.0.0.1:-1" }`,
    server: /websocket requires TLS/,
    path: "websocket",
    reason: /neither tls nor no_tls/,
  },
  {
    name: "websocket origin",
    conf: `websocket { listen: "127.0.0.1:-1", no_tls: true, allowed_origins: ["example.com"] }`,
    server: /allowed origin/,
    path: "websocket.allowed_origins[0]",
    reason: /is not an origin/,
  },
  {
    name: "websocket header",
    conf: `websocket { listen: "127.0.0.1:-1", no_tls: true, headers { Host: x } }`,
    server: /invalid header/,
    path: "websocket.headers.Host",
    reason: /sets itself/,
  },
  {
    name: "websocket jwt_cookie",
    conf: `websocket { listen: "127.0.0.1:-1", no_tls: true, jwt_cookie: x }`,
    server: /trusted operators or trusted keys/,
    path: "websocket.jwt_cookie",
    reason: /needs an operator/,
  },
  {
    name: "websocket user beside users",
    conf: `websocket { listen: "127.0.0.1:-1", no_tls: true, authorization { user: a, password: b } }\nauthorization { users: [ { user: x, password: y } ] }`,
    server: /not compatible with presence of users/,
    path: "websocket.authorization.user",
    reason: /beside users/,
  },
  {
    name: "websocket no_auth_user",
    conf: `websocket { listen: "127.0.0.1:-1", no_tls: true, no_auth_user: q }`,
    server: /no_auth_user/,
    path: "websocket.no_auth_user",
    reason: /"q" is not declared/,
  },
  {
    name: "leaf remote of an unknown account",
    conf: `leafnodes { remotes: [ { url: "nats://127.0.0.1:1", account: NOPE } ] }`,
    server: /cannot find local account "NOPE"/,
    path: "leafnodes.remotes[0].account",
    reason: /"NOPE" is not declared/,
  },
  {
    name: "leaf user of an unknown account",
    conf: `leafnodes { listen: "127.0.0.1:-1", authorization { users: [ { user: a, password: b, account: NOPE } ] } }`,
    server: /cannot find local account "NOPE"/,
    path: "leafnodes.authorization.users[0].account",
    reason: /"NOPE" is not declared/,
  },
  {
    name: "leaf remote of two kinds",
    conf: `leafnodes { remotes: [ { urls: ["ws://127.0.0.1:1", "nats://127.0.0.1:2"] } ] }`,
    server: /mix of websocket/,
    path: "leafnodes.remotes[0].urls",
    reason: /mixed/,
  },
  {
    name: "leafnodes and gateway without a system account",
    conf: `leafnodes { listen: "127.0.0.1:-1" }\ngateway { name: c, listen: "127.0.0.1:-1" }`,
    server: /require a system account/,
    path: "system_account",
    reason: /need a system account/,
  },
  {
    name: "MQTT without JetStream",
    conf: `mqtt { listen: "127.0.0.1:-1" }`,
    server: /requires JetStream/i,
    path: "mqtt",
    reason: /needs JetStream/,
  },
  {
    name: "MQTT in a cluster without server_name",
    conf: `cluster { name: c, listen: "127.0.0.1:-1" }\nmqtt { listen: "127.0.0.1:-1" }`,
    server: /server name/i,
    path: "server_name",
    reason: /needs server_name/,
  },
  {
    name: "MQTT token beside users",
    conf: `jetstream { store_dir: "{dir}/c" }\nserver_name: a\nmqtt { listen: "127.0.0.1:-1", authorization { token: t } }\nauthorization { users: [ { user: x, password: y } ] }`,
    server: /token/i,
    path: "mqtt.authorization.token",
    reason: /beside users/,
  },
  {
    name: "MQTT ack_wait below 0",
    conf: `jetstream { store_dir: "{dir}/d" }\nserver_name: a\nmqtt { listen: "127.0.0.1:-1", ack_wait: "-1s" }`,
    server: /ack wait/i,
    path: "mqtt.ack_wait",
    reason: /less than 0/,
  },
  {
    name: "unknown system_account",
    conf: `system_account: NOPE`,
    server: /system account/i,
    path: "system_account",
    reason: /"NOPE" is not declared/,
  },
  {
    name: "JetStream on the system account",
    conf: `jetstream { store_dir: "{dir}/e" }\naccounts { SYS { jetstream: enabled, users: [ { user: s, password: s } ] } }\nsystem_account: SYS`,
    server: /JetStream on the system account/,
    path: "accounts.SYS.jetstream",
    reason: /can't have JetStream/,
  },
  {
    name: "mode of compression",
    conf: `server_name: a\ncluster { name: c, listen: "127.0.0.1:-1", compression: "zip" }`,
    server: /compression/,
    path: "cluster.compression",
    reason: /"zip" is no mode/,
  },
  {
    name: "falling thresholds",
    conf: `server_name: a\ncluster { name: c, listen: "127.0.0.1:-1", compression { mode: s2_auto, rtt_thresholds: ["50ms", "10ms"] } }`,
    server: /ascending/,
    path: "cluster.compression.rtt_thresholds",
    reason: /must rise/,
  },
  {
    name: "lame duck grace period",
    conf: `lame_duck_duration: "30s"\nlame_duck_grace_period: "30s"`,
    server: /lame duck grace period/,
    path: "lame_duck_grace_period",
    reason: /\(30s\) must be less than lame_duck_duration \(30s\)/,
  },
  {
    name: "JetStream domain",
    conf: `jetstream { store_dir: "{dir}/f", domain: "a.b" }`,
    server: /invalid domain name/,
    path: "jetstream.domain",
    reason: /is not a name/,
  },
  {
    name: "default_js_domain of an unknown account",
    conf: `default_js_domain { NOPE: hub }`,
    server: /non existing account/,
    path: "default_js_domain.NOPE",
    reason: /is not declared/,
  },
  {
    name: "extension_hint",
    conf: `${clustered}jetstream { store_dir: "{dir}/g", extension_hint: maybe }`,
    server: /expected 'no_extend'/,
    path: "jetstream.extension_hint",
    reason: /none of will_extend/,
  },
  {
    name: "default_sentinel without operator",
    conf: `default_sentinel: x`,
    server: /default sentinel requires/,
    path: "default_sentinel",
    reason: /needs an operator/,
  },
  {
    name: "port out of range",
    conf: `cluster { name: c, listen: "127.0.0.1:70000" }`,
    server: /invalid port|Error listening/i,
    path: "cluster.listen",
    reason: /no port 70000/,
  },
  {
    name: "monitor port out of range",
    conf: `http: "127.0.0.1:99999"`,
    server: /invalid port/i,
    path: "http",
    reason: /no port 99999/,
  },
  {
    name: "advertise",
    conf: `cluster { name: c, listen: "127.0.0.1:-1", cluster_advertise: "a:b:c" }`,
    server: /Advertise/,
    path: "cluster.cluster_advertise",
    reason: /is not host:port/,
  },
  { name: "https without tls", conf: `https: "127.0.0.1:-1"`, server: /TLS/i, path: "https", reason: /needs tls/ },
  {
    name: "http and https",
    conf: `http: "127.0.0.1:-1"\nhttps: "127.0.0.1:-1"\ntls { cert_file: "{cert}", key_file: "{key}" }`,
    server: /monitor/i,
    path: "https",
    reason: /both given/,
  },
  {
    name: "max_outstanding_catchup below 0",
    conf: `jetstream { store_dir: "{dir}/h", max_outstanding_catchup: -5 }\n${clustered}`,
    server: /catchup cannot be negative/,
    path: "jetstream.max_outstanding_catchup",
    reason: /less than 0/,
  },
];

describe("checkConf against a start", function () {
  this.timeout(180_000);
  let bed: ModelBed;
  before(async () => (bed = await ModelBed.open()));
  after(() => bed.close());

  for (const refusal of refusals)
    it(`${refusal.name}: taken by -t, refused by a start, and told by us`, async () => {
      const text = bed.fill(
        (/^(host|port|listen)/m.test(refusal.conf) ? "" : `host: "127.0.0.1"\n${any}`) + refusal.conf,
      );
      const [verdict] = await bed.verdicts([text]);
      assert.equal(verdict!.refused, false, verdict!.said);
      const { serving, said } = await bed.start(text, 20_000);
      assert.equal(serving, false, "the server starts");
      assert.match(said, refusal.server);
      const parsed = parseConf(text);
      assert.deepEqual(parserProblems(parsed).filter(isError), []);
      const found = checkConf(parsed, { serverVersion: "2.15.2" }).filter(isError);
      const told = found.filter((problem) => problem.path === refusal.path && refusal.reason.test(problem.reason));
      assert.equal(told.length, 1, JSON.stringify(found, undefined, 1));
      assert.equal(found.length, 1, JSON.stringify(found, undefined, 1));
    });

  it("finds nothing in what serves", async () => {
    const texts = [
      `${any}server_name: a\njetstream { store_dir: "{dir}/s1", domain: hub }\ncluster { name: c, listen: "127.0.0.1:-1", compression: s2_auto, ${routes} }\ngateway { name: c, listen: "127.0.0.1:-1", gateways: [ { name: c, url: "nats://127.0.0.1:1" } ] }`,
      `${any}websocket { listen: "127.0.0.1:-1", no_tls: true, allowed_origins: ["https://a.b"], no_auth_user: x }\nauthorization { users: [ { user: x, password: y } ] }`,
      `${any}server_name: m\njetstream { store_dir: "{dir}/s2" }\nmqtt { listen: "127.0.0.1:-1" }\naccounts { A { jetstream: enabled, users: [ { user: a, password: b } ] }, SYS { users: [ { user: s, password: t } ] } }\nsystem_account: SYS`,
      `${any}trusted_keys: ["${keys.operator}"]\nresolver: MEMORY`,
      `${any}client_advertise: "example.com"\nleafnodes { listen: "127.0.0.1:-1", authorization { user: a, password: b, account: A } }\naccounts { A {} }\nhttp: "127.0.0.1:-1"`,
    ];
    for (const text of texts.map((each) => bed.fill(each))) {
      const { serving, said } = await bed.start(text);
      assert.ok(serving, `${text}\n${said}`);
      assert.deepEqual(checkConf(parseConf(text), { serverVersion: "2.15.2" }), [], text);
    }
  });
});
