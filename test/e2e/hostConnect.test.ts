import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Events, nkeys } from "nats";
import { closeConnections, connectionFor } from "../../provider/apply/connect";
import { testAuthority, testCertificate } from "../bed/authority";
import { freePorts } from "../bed/freePorts";
import { NatsServer } from "../bed/natsServer";

const auth = `
port: -1
accounts { A { users: [ { user: app, password: "s3cret-pw" } ] } }
`;

async function failure(config: Record<string, string>): Promise<string> {
  try {
    await connectionFor(new Map(Object.entries(config)));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it connects");
}

function tlsServer(dir: { ca: string; cert: string; key: string }, more = ""): Promise<NatsServer> {
  const tls = { ca_file: dir.ca, cert_file: dir.cert, key_file: dir.key };
  const lines = Object.entries(tls).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return NatsServer.start(`port: -1\ntls { ${lines.join(", ")} ${more} }`);
}

describe("A connection", function () {
  this.timeout(180_000);
  let server: NatsServer;

  before(async () => {
    server = await NatsServer.start(auth);
  });
  afterEach(closeConnections);
  after(() => server.stop());

  it("is shared by all who come in the same way, and closed at the end", async () => {
    const config = { servers: server.url, user: "app", password: "s3cret-pw" };
    const [one, two] = await Promise.all([
      connectionFor(new Map(Object.entries(config))),
      connectionFor(new Map(Object.entries({ ...config, password: "s3cret-pw" }))),
    ]);
    assert.equal(one, two);
    await closeConnections();
    assert.equal(one.isClosed(), true);
    const again = await connectionFor(new Map(Object.entries(config)));
    assert.equal(again.isClosed(), false);
  });

  it("says whom the server refuses, without the password", async () => {
    const text = await failure({ servers: server.url, user: "app", password: "wrong-pw" });
    assert.match(
      text,
      /^can't connect to NATS at 127\.0\.0\.1:\d+: the server refuses user "app" \(Authorization Violation\)/,
    );
    assert.match(text, /as user "app" from the stack's configuration\)\. Fix: correct user or password/);
    assert.doesNotMatch(text, /wrong-pw/);
  });

  it("names an nkey by its public key", async () => {
    const pair = (nkeys as { createUser(): { getSeed(): Uint8Array; getPublicKey(): string } }).createUser();
    const text = await failure({ servers: server.url, nkeySeed: new TextDecoder().decode(pair.getSeed()) });
    assert.ok(text.includes(`the server refuses nkey ${pair.getPublicKey()}`), text);
    assert.match(text, /Fix: add this public key to a user of the server/);
    assert.doesNotMatch(text, /\bSU[A-Z2-7]{56}/);
  });

  it("says that credentials are wanted", async () => {
    const text = await failure({ servers: server.url });
    assert.match(text, /the server wants credentials and none are given/);
    assert.match(text, /no credentials\)\. Fix: creds, user and password, token or nkeySeed of a nats\.Provider/);
  });

  it("says of each server why it can't be used", async () => {
    const [port] = await freePorts(1);
    const text = await failure({ servers: `127.0.0.1:${port},nats://no-such-host.invalid,${server.url}` });
    assert.match(text, new RegExp(`127\\.0\\.0\\.1:${port}: nothing listens there`));
    assert.match(text, /no-such-host\.invalid:4222: the name no-such-host\.invalid is not known \(DNS\)/);
    assert.match(text, /the server wants credentials/);
  });

  it("uses the server that answers", async () => {
    const [port] = await freePorts(1);
    const config = { servers: `nats://127.0.0.1:${port},${server.url}`, user: "app", password: "s3cret-pw" };
    const connection = await connectionFor(new Map(Object.entries(config)));
    assert.equal(connection.getServer(), server.url.replace("nats://", ""));
  });

  it("gives up after its timeout on what does not answer", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const started = Date.now();
    const text = await failure({ servers: `127.0.0.1:${port}`, timeout: "300ms" });
    silent.close();
    // The client gives up without closing its side.
    for (const socket of sockets) socket.destroy();
    assert.match(
      text,
      /it takes the connection and says nothing in 0\.3 s: it hangs, starts with TLS, or is no NATS server .*Fix: see whether it hangs; set tls\.handshakeFirst where the server has handshake_first; or check the port/,
    );
    assert.ok(Date.now() - started < 4500);
  });

  for (const [how, hangUp] of [
    ["closes", (socket: Socket) => void socket.end()],
    ["resets", (socket: Socket) => void socket.resetAndDestroy()],
  ] as const) {
    it(`tells one that ${how} the connection before its greeting from one that nothing listens at`, async () => {
      const silent = createServer(hangUp);
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const text = await failure({ servers: `127.0.0.1:${(silent.address() as AddressInfo).port}` });
      silent.close();
      assert.match(text, /it takes the connection and hangs up before its greeting: it starts with TLS, or is no NATS/);
      assert.doesNotMatch(text, /nothing listens/);
    });
  }

  it("says that what answers is no NATS server", async () => {
    const web = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const text = await failure({ servers: `127.0.0.1:${(web.address() as AddressInfo).port}` });
    web.close();
    assert.match(text, /what answers is no NATS server\b.*Fix: check the port: 4222 is for clients/);
  });

  it("survives a restart of its server", async () => {
    const [port] = await freePorts(1);
    const first = await NatsServer.start(`port: ${port}`);
    const connection = await connectionFor(new Map([["servers", first.url]]));
    const events = connection.status();
    await first.stop();
    const second = await NatsServer.start(`port: ${port}`);
    for await (const { type } of events) if (type === Events.Reconnect) break;
    await connection.flush();
    assert.equal(connection.isClosed(), false);
    await second.stop();
  });
});

describe("A TLS connection", function () {
  this.timeout(180_000);
  afterEach(closeConnections);

  async function withServer(
    request: Parameters<typeof testCertificate>[1],
    more: string,
    work: (server: NatsServer, ca: string, client: { cert: string; key: string }) => Promise<void>,
  ): Promise<void> {
    const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const dir = mkdtempSync(`${tmpdir()}/pulumi-nats-tls-`);
    const authority = await testAuthority();
    const keyed = await testCertificate(authority, request);
    const client = await testCertificate(authority);
    const files = { ca: `${dir}/ca.pem`, cert: `${dir}/cert.pem`, key: `${dir}/key.pem` };
    writeFileSync(files.ca, authority.cert);
    writeFileSync(files.cert, keyed.cert);
    writeFileSync(files.key, keyed.key, { mode: 0o600 });
    const server = await tlsServer(files, more);
    try {
      await work(server, authority.cert, client);
    } finally {
      await closeConnections();
      await server.stop();
      rmSync(dir, { recursive: true });
    }
  }

  it("trusts the given CA only", async () => {
    await withServer({}, "", async (server, ca) => {
      const trusted = await connectionFor(
        new Map([
          ["servers", server.url],
          ["tls", JSON.stringify({ ca })],
        ]),
      );
      assert.equal(trusted.info?.tls_required, true);
      assert.match(
        await failure({ servers: server.url }),
        /signed by a CA that this machine does not know.*Fix: set tls\.caFile/,
      );
      const other = (await testAuthority("other")).cert;
      const text = await failure({ servers: server.url, tls: JSON.stringify({ ca: other }) });
      assert.match(text, /the server's certificate is not signed by the given CA/);
    });
  });

  it("holds the certificate against an address, and against tls.serverName", async () => {
    await withServer({ dnsNames: [], ipAddresses: ["127.0.0.1"] }, "", async (server, ca) => {
      await connectionFor(
        new Map([
          ["servers", server.url],
          ["tls", JSON.stringify({ ca })],
        ]),
      );
    });
    await withServer({ dnsNames: ["nats.example"], ipAddresses: [] }, "", async (server, ca) => {
      const text = await failure({ servers: server.url, tls: JSON.stringify({ ca }) });
      assert.match(
        text,
        /the server's certificate is not for 127\.0\.0\.1 \(it is for DNS:nats\.example\).*or set tls\.serverName/s,
      );
      const tls = JSON.stringify({ ca, serverName: "nats.example" });
      await connectionFor(
        new Map([
          ["servers", server.url],
          ["tls", tls],
        ]),
      );
    });
  });

  it("says that the certificate has expired", async () => {
    await withServer({ now: new Date(Date.now() - 10 * 86_400_000), days: 2 }, "", async (server, ca) => {
      assert.match(
        await failure({ servers: server.url, tls: JSON.stringify({ ca }) }),
        /the server's certificate has expired/,
      );
    });
  });

  it("shows a client certificate where one is wanted", async () => {
    await withServer({}, ", verify: true", async (server, ca, client) => {
      const text = await failure({ servers: server.url, timeout: "3s", tls: JSON.stringify({ ca }) });
      assert.match(text, /the server wants a client certificate.*Fix: set tls\.certFile and tls\.keyFile/);
      await connectionFor(
        new Map([
          ["servers", server.url],
          ["tls", JSON.stringify({ ca, ...client })],
        ]),
      );
    });
  });

  it("starts with TLS where the server does", async () => {
    await withServer({}, ", handshake_first: true", async (server, ca) => {
      // The server waits two seconds for TLS, and hangs up.
      for (const [timeout, how] of [
        ["1s", "says nothing in 1 s: it hangs,"],
        ["30s", "hangs up before its greeting: it"],
      ] as const) {
        const text = await failure({ servers: server.url, timeout, tls: JSON.stringify({ ca }) });
        assert.match(text, new RegExp(`takes the connection and ${how} starts with TLS, .*set tls\\.handshakeFirst`));
      }
      await connectionFor(
        new Map([
          ["servers", server.url],
          ["tls", JSON.stringify({ ca, handshakeFirst: true })],
        ]),
      );
    });
  });

  it("is never plain when tls:// is written", async () => {
    const plain = await NatsServer.start("port: -1");
    const text = await failure({ servers: plain.url.replace("nats:", "tls:") });
    await plain.stop();
    assert.match(text, /the server does not offer TLS/);
  });
});
