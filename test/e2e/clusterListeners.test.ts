import assert from "node:assert/strict";
import { randomBytes, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import { connect } from "nats";
import type { ConnectionOptions, NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { Certificate } from "../../provider/resources/certificate";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { testAuthority, testCertificate } from "../bed/authority";
import type { KeyedCertificate } from "../bed/authority";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { managerOf } from "../bed/managerOf";
import { withStack } from "../bed/stack";

const app = { user: "app", password: "app-password-1" };

describe("Listeners of clusters", function () {
  this.timeout(300_000);
  const bed = new ClusterBed();
  let authority: KeyedCertificate;
  let certificate: KeyedCertificate;
  before(async () => {
    authority = await testAuthority();
    certificate = await testCertificate(authority);
  });
  after(() => bed.dispose());

  const jetstream = { maxFileStore: "64MiB", maxMemoryStore: "16MiB" } as const;
  const accounts = { APP: { jetstream: true, users: [app] } };

  it("speak websocket and MQTT with TLS, with the program's own certificate, asking clients for theirs", async () => {
    const program =
      (args: Partial<ClusterArgs> = {}) =>
      async () =>
        outputsOf(
          new Cluster("edge", {
            target: await bed.target("edge", 1),
            tls: { ...certificate, ca: authority.cert, verify: true },
            jetstream,
            accounts,
            websocket: { compression: true },
            mqtt: { maxAckPending: 50 },
            rollout: { timeout: "90s" },
            ...args,
          }),
        );
    await withStack(program(), async (stack) => {
      await stack.up();
      const login = (tls: ConnectionOptions["tls"]): Promise<NatsConnection> =>
        connect({
          servers: `tls://127.0.0.1:${bed.port("edge", "client")}`,
          user: app.user,
          pass: app.password,
          tls: { ca: authority.cert, ...tls },
          reconnect: false,
        });
      // The server hangs up; which of the two sides' words comes first is a matter of time.
      await assert.rejects(login({}), /certificate|SECURE|closed|DISCONNECT|ECONNRESET|EPIPE/i);
      const client = await login(certificate);
      assert.match(await websocketGreeting(bed.port("edge", "websocket"), authority.cert), /^INFO .*\nPONG/s);
      assert.deepEqual(await mqttConnect(bed.port("edge", "mqtt"), authority.cert, app.password), [0x20, 2, 0, 0]);
      assert.deepEqual(await mqttConnect(bed.port("edge", "mqtt"), authority.cert, "wrong"), [0x20, 2, 0, 5]);
      await client.close();

      const before = await bed.pids("edge");
      stack.program = program({ config: { tls: { handshakeFirst: true, minVersion: "1.3" } } });
      const first = await stack.preview();
      assert.match(first.messages("edge-servers").join("\n"), /^hot reload on edge-1: .*tls\.handshake_first/s);
      await stack.up();
      assert.deepEqual(await bed.pids("edge"), before);
      const eager = await login({ ...certificate, handshakeFirst: true });
      await eager.close();
      assert.equal((await stack.preview()).step("edge-servers").op, "same");

      stack.program = program({ websocket: { noTls: true } });
      const plain = await stack.preview();
      assert.match(plain.messages("edge-servers").join("\n"), /restart of edge-1: .*websocket/s);
      await stack.up();
      assert.match(await websocketGreeting(bed.port("edge", "websocket"), undefined), /^INFO .*\nPONG/s);
      const reload = await login(certificate);
      await reload.close();
    });
  });

  it("ask clients for certificates, and get new ones of their own by the next up, though all have expired", async () => {
    const program = async (): Promise<Record<string, unknown>> => {
      const ca = new CertificateAuthority("ca");
      const cluster = new Cluster("short", {
        target: await bed.target("short", 3),
        tls: { issuer: ca, verify: true, validity: "30s", renewBefore: "1s" },
        jetstream,
        accounts,
        rollout: { timeout: "90s" },
      });
      const { cert, key } = new Certificate("app", { issuer: ca, commonName: "app", usages: ["client"] });
      const tls = { ca: ca.cert, cert, key };
      const provider = new Provider("app", { servers: cluster.urls, through: cluster, ...app, tls });
      new Stream("ORDERS", { subjects: ["orders.>"], replicas: 3 }, { provider, deletedWith: cluster.servers });
      return { ...outputsOf(cluster), cert, key };
    };
    await withStack(program, async (stack) => {
      const { ca, cert, key } = (await stack.up()).outputs as Record<string, string>;
      const login = (): Promise<NatsConnection> =>
        connect({
          servers: `tls://127.0.0.1:${bed.port("short", "client")}`,
          user: app.user,
          pass: app.password,
          tls: { ca, cert, key },
          reconnect: false,
        });
      const client = await login();
      const jets = client.jetstream();
      for (let message = 0; message < 100; message++) await jets.publish("orders.new", String(message));
      await client.close();
      const pids = await bed.pids("short");
      const file = path.join(bed.dir("short"), "short-1", "current/tls/server.pem");
      const end = new X509Certificate(readFileSync(file)).validTo;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(end) + 1000 - Date.now())));
      await assert.rejects(login(), /expired/);

      const preview = await stack.preview();
      assert.match(preview.messages("short-tls").join("\n"), /^certificate expired .*; will be renewed$/m);
      const said = preview.messages("short-servers").join("\n");
      assert.match(said, /^certificates change \(.*tls\/server\.pem.*\): hot reload$/m, preview.text);
      assert.doesNotMatch(said, /restart|does not answer/);
      const up = await stack.up();
      assert.match(
        up.messages("short-servers").join("\n"),
        /^hot reload on short-1, short-2, short-3: certificates change/m,
      );
      assert.deepEqual(await bed.pids("short"), pids);
      const again = await login();
      const { state, cluster } = await (await managerOf(again)).streams.info("ORDERS");
      assert.equal(state.messages, 100);
      assert.deepEqual(
        cluster!.replicas!.map(({ current }) => current),
        [true, true],
      );
      await again.close();
      assert.ok(Date.parse(new X509Certificate(readFileSync(file)).validTo) > Date.parse(end));
    });
  });

  it("join clusters by gateways and leaf nodes, plain and then with TLS on all of them", async () => {
    const remotes = (scheme: string): object => ({
      urls: [`${scheme}://leaf:leaf-password-1@127.0.0.1:${bed.port("west", "leafnodes")}`],
      account: "APP",
    });
    const program = (withTls: boolean) => async () => {
      const [west, east, leaf] = [
        await bed.target("west", 1),
        await bed.target("east", 1),
        await bed.target("leaf", 1),
      ];
      const ca = new CertificateAuthority("ca");
      const tls = withTls ? { tls: { issuer: ca } } : {};
      const shared = { accounts: { APP: { users: [app, { user: "leaf", password: "leaf-password-1" }] } }, ...tls };
      const gateways = ["west", "east"].map((name) => ({
        name,
        urls: [`nats://127.0.0.1:${bed.port(name, "gateway")}`],
      }));
      const rollout = { timeout: "90s" };
      new Cluster("west", { target: west, ...shared, rollout, gateway: { gateways }, leafnodes: {} });
      new Cluster("east", { target: east, ...shared, rollout, gateway: { gateways } });
      const remote = { ...remotes(withTls ? "tls" : "nats-leaf"), ...(withTls ? { tls: sameAuthority } : {}) };
      new Cluster("leaf", { target: leaf, ...shared, rollout, leafnodes: { remotes: [remote] } });
      return { ca: ca.cert };
    };
    const sameAuthority = { caFile: "current/tls/ca.pem", timeout: "5s" };
    await withStack(program(false), async (stack) => {
      await stack.up();
      for (const name of ["east", "leaf"]) await carries("west", name, undefined);
      stack.program = program(true);
      const preview = await stack.preview();
      assert.match(
        preview.messages("leaf-servers").join("\n"),
        /^hot reload on leaf-1: leafnodes\.remotes\[0\] .*, tls \(none\) → /,
      );
      for (const name of ["west", "east"]) {
        const notes = preview.messages(`${name}-servers`).join("\n");
        assert.match(notes, /^ordered reload, .*cluster\.tls .*\nrestart of .*routes are older than cluster\.tls/s);
      }
      const { ca } = (await stack.up()).outputs;
      for (const name of ["east", "leaf"]) await carries("west", name, ca as string);
      assert.deepEqual((await stack.preview()).counts["update"], undefined);
    });
  });

  /** A message published at one cluster arrives at another one. */
  async function carries(from: string, to: string, ca: string | undefined): Promise<void> {
    const login = async (name: string): Promise<NatsConnection> =>
      connect({
        servers: `127.0.0.1:${bed.port(name, "client")}`,
        user: app.user,
        pass: app.password,
        ...(ca === undefined ? {} : { tls: { ca } }),
        reconnect: false,
      });
    const [sender, receiver] = [await login(from), await login(to)];
    try {
      const subject = `carried.${randomBytes(4).toString("hex")}`;
      receiver.subscribe(subject, { callback: (_error, message) => void message.respond("here") });
      await receiver.flush();
      const deadline = Date.now() + 60_000;
      for (;;) {
        try {
          assert.equal((await sender.request(subject, "", { timeout: 1000 })).string(), "here");
          return;
        } catch (error) {
          if (Date.now() > deadline) throw new Error(`${from} does not reach ${to}: ${String(error)}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    } finally {
      await Promise.all([sender, receiver].map((one) => one.close()));
    }
  }
});

/** Upgrades to a websocket, sends CONNECT and PING, and gives the texts that came back until PONG. */
async function websocketGreeting(port: number, ca: string | undefined): Promise<string> {
  const { request } = ca === undefined ? await import("node:http") : { request: httpsRequest };
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    };
    const handshake = request({ host: "127.0.0.1", port, headers, ...(ca === undefined ? {} : { ca }) });
    handshake.setTimeout(30_000, () => handshake.destroy(new Error("no websocket within 30 s")));
    handshake.on("error", reject);
    handshake.on("response", ({ statusCode }) => reject(new Error(`the upgrade is answered with ${statusCode}`)));
    handshake.on("upgrade", (_response, socket: Socket, head: Buffer) => {
      let text = "";
      const take = (frame: Buffer): void => {
        text += frame.toString("latin1").replace(/[^\x20-\x7e\r\n]/g, "");
        if (/PONG|-ERR/.test(text)) {
          socket.destroy();
          resolve(text.slice(text.indexOf("INFO")).replaceAll("\r", ""));
        }
      };
      socket.on("data", take).on("error", reject);
      take(head);
      const login = { verbose: false, pedantic: false, user: app.user, pass: app.password, lang: "test", version: "1" };
      socket.write(maskedFrame(`CONNECT ${JSON.stringify(login)}\r\nPING\r\n`));
    });
    handshake.end();
  });
}

function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const masked = payload.map((byte, index) => byte ^ mask[index % 4]!);
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x82, ...length]), mask, masked]);
}

/** The first answer to an MQTT CONNECT: CONNACK with its return code. */
function mqttConnect(port: number, ca: string, password: string): Promise<number[]> {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
  const variable = Buffer.concat([text("MQTT"), Buffer.from([4, 0xc2, 0, 30])]);
  const payload = Buffer.concat([text("test-client"), text(app.user), text(password)]);
  const packet = Buffer.concat([Buffer.from([0x10, variable.length + payload.length]), variable, payload]);
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port, ca }, () => socket.write(packet));
    socket.setTimeout(30_000, () => socket.destroy(new Error("no CONNACK within 30 s")));
    socket.on("error", reject);
    socket.once("data", (data: Buffer) => {
      socket.destroy();
      resolve([...data]);
    });
  });
}
