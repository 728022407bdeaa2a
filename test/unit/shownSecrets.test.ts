import assert from "node:assert/strict";
import { parseConf } from "../../provider/conf/parser";
import { checkConf } from "../../provider/model/config/checkConf";
import { convertConfig } from "../../provider/model/config/convertConfig";
import { printConfigSource } from "../../provider/model/config/printConfigSource";
import { explainConfig } from "../../provider/plan/explainConfig";
import { maskAddress, redact } from "../../provider/redact";
import { extractSecrets } from "../../provider/render/extractSecrets";

const seed = `SU${"A".repeat(56)}`;
const urls = [
  "nats://u:S3CR,ET@h:6222",
  "nats://u:S3CR'ET@h:6222",
  'nats://u:S3CR\\"ET@h:6222',
  "u:S3CRET@h:6222",
  "//u:S3CRET@h:6222",
];
const places: readonly ((url: string) => string)[] = [
  (url) => `cluster { port: 6222, routes: [ "${url}" ] }`,
  (url) => `leafnodes { remotes: [ { url: "${url}" } ] }`,
  (url) => `leafnodes { remotes: [ { urls: [ "${url}" ] } ] }`,
  (url) => `gateway { name: a, port: 7222, gateways: [ { name: b, url: "${url}" } ] }`,
  (url) => `gateway { name: a, port: 7222, gateways: [ { name: b, urls: [ "${url}" ] } ] }`,
];

function masked(text: string): string {
  return printConfigSource(convertConfig(parseConf(text).root).config, { mask: true });
}

describe("secrets of a configuration that is shown", () => {
  for (const url of urls) {
    it(`no password of ${url} is explained, printed or rendered`, () => {
      for (const place of places) {
        const conf = parseConf(place(url));
        const explained = JSON.stringify(explainConfig(parseConf("").root, conf.root));
        assert.ok(explained.includes("[secret]@h:6222") && !/S3|ET@/.test(explained), explained);
        assert.doesNotMatch(masked(place(url)), /S3CR|ET@/);
        const { conf: rendered, secrets } = extractSecrets(conf.root);
        assert.equal(Object.keys(secrets).length, 1, place(url));
        const left = JSON.stringify(explainConfig(parseConf("").root, rendered));
        assert.doesNotMatch(left, /S3CR|ET@/);
      }
    });
  }

  it("masks commas and quotes of a password in any text, and addresses without a scheme", () => {
    assert.equal(redact("at nats://u:S3CR,'`ET@h:1, nats://b:2"), "at nats://[secret]@h:1, nats://b:2");
    assert.equal(maskAddress("u:p@h:1"), "[secret]@h:1");
    assert.equal(maskAddress("//u:p@h:1"), "//[secret]@h:1");
    assert.equal(maskAddress("nats://u:p/q@h:1"), "nats://[secret]@h:1");
    assert.equal(maskAddress("nats://h:1"), "nats://h:1");
  });

  for (const text of [
    'USERPASS: "S3CRET"\nauthorization { user: u, password: $USERPASS }',
    'MINE { inner: "S3CRET", list: [ "S3CRET" ] }',
    'resolver: URL("http://jwt:S3CRET@h/jwt/v1/accounts/")',
    "authorization { users: [ { user: u, passwd: S3CRET } ] }",
    "cluster { port: 6222, authorization { token: S3CRET } }",
    `leafnodes { remotes: [ { url: "nats://h:7422", nkey: "${seed}" } ] }`,
    `authorization { users: [ { nkey: "${seed}" } ] }`,
  ])
    it(`prints ${text.replace(seed, "SU…")} without its secret`, () => {
      const printed = masked(text);
      assert.doesNotMatch(printed, /S3CRET|SUAAAA/);
      assert.match(printed, /requireSecret/);
    });

  for (const text of [
    'listen: "tls://u:S3CRET@127.0.0.1:4222"',
    'listen: "u:S3CRET@h:x"',
    'client_advertise: "tls://u:S3CRET@h:4222"',
    'websocket { port: 80, no_tls: true, allowed_origins: [ "ws://u:S3CRET@h" ] }',
    'resolver: "http://jwt:S3CRET@h/"',
  ])
    it(`says what is wrong with ${text} without its secret`, () => {
      const problems = JSON.stringify(checkConf(parseConf(text)));
      assert.match(problems, /\[secret\]@/);
      assert.doesNotMatch(problems, /S3CRET/);
    });
});
