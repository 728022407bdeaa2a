import assert from "node:assert/strict";
import { confFacts } from "../../../../provider/render/kubernetes/confFacts";
import { restartKeys, restartSettings } from "../../../../provider/render/kubernetes/restartKeys";

const nodeConf = 'server_name: "east-0"\nCLIENT_LISTEN: "0.0.0.0:4222"\n';
const conf = (more = ""): string => `include "node.conf"
include "secrets.conf"
listen: $CLIENT_LISTEN
max_payload: 1048576
${more}
accounts { APP { users: [ { user: app, password: $APP_PASSWORD } ] } }
`;

describe("hash of the keys that no reload brings", () => {
  it("names listeners, names and other keys of a restart, and no secret", () => {
    assert.deepEqual(
      restartSettings(conf("max_subscriptions: 10"), nodeConf).map(([path, value]) => `${path}=${value}`),
      ["server_name=east-0", "listen=0.0.0.0:4222", "max_subscriptions=10"],
    );
  });

  it("stays for what a reload brings, and changes for what it does not", () => {
    const hash = restartKeys(conf(), nodeConf);
    assert.match(hash, /^[0-9a-f]{16}$/);
    assert.equal(restartKeys(conf().replace("1048576", "2MB"), nodeConf), hash);
    assert.equal(restartKeys(conf().replace("APP", "OTHER"), nodeConf), hash);
    assert.equal(restartKeys(conf("write_deadline: 5s"), nodeConf), hash);
    assert.notEqual(restartKeys(conf("max_subscriptions: 10"), nodeConf), hash);
  });
});

describe("what the pod must know of nats.conf", () => {
  it("is where /healthz lies and how long the server says goodbye", () => {
    assert.deepEqual(confFacts(conf("lame_duck_duration: 45s\nhttp_base_path: /nats/"), nodeConf), {
      basePath: "/nats",
      graceSeconds: 75,
    });
    assert.deepEqual(confFacts(conf(), nodeConf), { basePath: "", graceSeconds: 150 });
  });
});
