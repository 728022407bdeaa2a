import assert from "node:assert/strict";
import { configDigest } from "../../../../provider/conf/digest";
import { parseConf } from "../../../../provider/conf/parser";
import { environmentOf, nodeConfOf, podConf } from "../../../../provider/render/kubernetes/podConf";
import { podData, podFiles } from "../../../../provider/render/kubernetes/podFiles";

const nodeConf = (pod: string): string =>
  `server_name: "${pod}"\nCLIENT_LISTEN: "0.0.0.0:4222"\nADVERTISE_CLIENT: "${pod}.east-headless.nats.svc:4222"\n`;

describe("node.conf of pods", () => {
  it("is one text, which the environment completes", () => {
    assert.deepEqual(podConf(nodeConf("east-0"), "east-0"), {
      text: 'server_name: $NATS_SERVER_NAME\nCLIENT_LISTEN: "0.0.0.0:4222"\nADVERTISE_CLIENT: $NATS_ADVERTISE_CLIENT\n',
      env: [
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "NATS_SERVER_NAME", value: '"$(POD_NAME)"' },
        { name: "NATS_ADVERTISE_CLIENT", value: '"$(POD_NAME).east-headless.nats.svc:4222"' },
      ],
    });
    assert.deepEqual(podConf(nodeConf("east-7"), "east-7"), podConf(nodeConf("east-0"), "east-0"));
  });

  it("reads on every pod as that pod's own, with the same digest on each line of servers", () => {
    const { text, env } = podConf(nodeConf("east-0"), "east-0");
    for (const pod of ["east-0", "east-11"]) {
      assert.equal(nodeConfOf(text, env, pod), nodeConf(pod));
      for (const serverVersion of ["2.11.17", "2.12.15", "2.15.2"]) {
        const body = "listen: $CLIENT_LISTEN\nclient_advertise: $ADVERTISE_CLIENT\n";
        const inPod = parseConf(text + body, { env: environmentOf(env, pod), serverVersion });
        const written = parseConf(nodeConf(pod) + body, { serverVersion });
        assert.equal(configDigest(inPod), configDigest(written));
      }
    }
  });

  it("reads names that would be numbers or flags as text", () => {
    for (const pod of ["true-0", "e5-0", "x5m-0"]) {
      const { text, env } = podConf(`server_name: "${pod}"\n`, pod);
      assert.equal(parseConf(text, { env: environmentOf(env, pod) }).root.get("server_name"), pod);
    }
  });

  it("goes with the other files into ConfigMap and Secret, and comes back", () => {
    const files = {
      "nats.conf": { content: "port: 4222\n", mode: 0o644 },
      "node.conf": { content: nodeConf("east-1"), mode: 0o644 },
      "secrets.conf": { content: "PASSWORD: x\n", mode: 0o600 },
      "tls/ca.pem": { content: "CA", mode: 0o644 },
      "tls/server.key": { content: "KEY", mode: 0o600 },
    };
    const data = podData(files, "east-1");
    assert.deepEqual(Object.keys(data.config), ["nats.conf", "node.conf", "tls__ca.pem"]);
    assert.deepEqual(data.secret, { "secrets.conf": "PASSWORD: x\n", "tls__server.key": "KEY" });
    assert.deepEqual(podFiles(data, podConf(nodeConf("east-0"), "east-0").env, "east-1"), files);
  });
});
