import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import type { CallContext } from "../../provider/host/handler";
import { certificateProblems } from "../../provider/model/certificate";
import type { CertificateInputs, CertificateState } from "../../provider/model/certificateChange";
import { keyAlgorithms } from "../../provider/model/certificateSubject";
import type { KeyAlgorithm } from "../../provider/model/certificateSubject";
import { certificateAuthorityHandler } from "../../provider/resources/certificateAuthorityHandler";
import type {
  CertificateAuthorityInputs,
  CertificateAuthorityState,
} from "../../provider/resources/certificateAuthorityHandler";
import { certificateHandler } from "../../provider/resources/certificateHandler";
import { NatsServer } from "../bed/natsServer";

const run = promisify(execFile);
const context: CallContext = {
  config: new Map(),
  urn: undefined,
  timeout: undefined,
  warn: async () => {},
  info: async () => {},
};

describe("certificates on real servers", function () {
  this.timeout(180_000);
  let dir: string;
  const servers: NatsServer[] = [];

  before(() => void (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-certificates-"))));
  afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.stop()))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("keys are of the size that was asked for", async () => {
    const { publicKey } = new X509Certificate((await newAuthority("rsa-3072")).cert);
    assert.equal(publicKey.asymmetricKeyDetails?.modulusLength, 3072);
  });

  // The longer RSA keys take seconds to make, and differ in nothing else.
  for (const algorithm of keyAlgorithms.filter((name) => name !== "rsa-3072" && name !== "rsa-4096")) {
    it(`a server with ${algorithm} keys verifies its clients, and they it`, async () => {
      const ca = await newAuthority(algorithm);
      const server = await start(filesOf(await newCertificate(ca, { algorithm }), "server"));
      const app = await newCertificate(ca, { algorithm, usages: ["client"], dnsNames: [] });
      await roundTrip(await dial(server, app));

      await assert.rejects(dial(server, undefined, ca.cert), "a client without a certificate");
      const stranger = await newCertificate(await newAuthority(algorithm), { algorithm, usages: ["client"] });
      await assert.rejects(dial(server, stranger, ca.cert), "a client of another authority");
      await assert.rejects(dial(server, app, stranger.ca), /certificate/, "a server of another authority");
      const serverOnly = await newCertificate(ca, { algorithm, usages: ["server"] });
      await assert.rejects(dial(server, serverOnly), "a certificate that is not for clients");
    });
  }

  it("routes with TLS join by the default usages, and a server-only certificate does not, as our check says", async () => {
    const ca = await newAuthority("ecdsa-p256");
    const both = filesOf(await newCertificate(ca), "both");
    const first = await start(both, "n1", "");
    const route = first.ports.cluster![0]!.replace(/^\w+:\/\//, "tls://");
    const second = await start(both, "n2", route);
    await untilLogged(second, /Registering remote route/);
    const third = await newCertificate(ca, { usages: ["server"] });
    const wanted = certificateProblems({ ...third, usages: ["server", "client"], now: new Date() });
    assert.match(wanted[0]!.reason, /lacks the extended key usage clientAuth/);
    await start(filesOf(third, "server-only"), "n3", route);
    await untilLogged(first, /TLS (route )?handshake error.*(certificate|unsuitable|incompatible|usage)/i);
  });

  it("a certificate stays good when its authority is renewed, and after its own renewal", async () => {
    const ca = await newAuthority("ecdsa-p256");
    const leaf = await newCertificate(ca);
    const server = await start(filesOf(leaf, "renewal"));
    const renewed = await certificateAuthorityHandler.update(context, "ca", ca, { ...ca, validity: "90000h" });
    assert.notEqual(renewed.cert, ca.cert);
    await roundTrip(await dial(server, leaf, renewed.cert));
    const again = await certificateHandler.update(context, "leaf", leaf, {
      ...leaf,
      dnsNames: [...leaf.dnsNames, "n2"],
    });
    await roundTrip(await dial(server, again, ca.cert));
  });

  it("openssl finds nothing wrong, where there is an openssl", async () => {
    const openssl = (process.env["PATH"] ?? "")
      .split(path.delimiter)
      .map((folder) => path.join(folder, "openssl"))
      .find(existsSync);
    const ca = await newAuthority("ecdsa-p256");
    const leaf = await newCertificate(ca, {
      organization: "acme, inc.",
      dnsNames: ["localhost", "*.nats.svc"],
      ipAddresses: ["::1"],
    });
    const { ca: caFile, cert } = filesOf(leaf, "openssl");
    if (openssl) {
      const flags = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "n0.nats.svc", "-CAfile", caFile];
      assert.match((await run(openssl, ["verify", ...flags, cert])).stdout, /: OK/);
      assert.match(
        (await run(openssl, ["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", caFile, cert])).stdout,
        /: OK/,
      );
    }
    const issued = new X509Certificate(leaf.cert);
    assert.ok(issued.checkHost("n0.nats.svc") && issued.checkIP("::1"));
    assert.match(issued.subject, /^O=acme\\?, inc\.\nCN=app$/);
  });

  async function newAuthority(algorithm: KeyAlgorithm): Promise<CertificateAuthorityState> {
    const { inputs, problems } = await certificateAuthorityHandler.check(context, undefined, {
      commonName: "test CA",
      algorithm,
    } as CertificateAuthorityInputs);
    assert.deepEqual(problems, []);
    return (await certificateAuthorityHandler.create(context, inputs)).state;
  }

  async function newCertificate(
    ca: { cert: string; key: string },
    wanted: Partial<CertificateInputs> = {},
  ): Promise<CertificateState> {
    const { inputs, problems } = await certificateHandler.check(context, undefined, {
      issuer: { cert: ca.cert, key: ca.key },
      commonName: "app",
      dnsNames: ["localhost"],
      ipAddresses: ["127.0.0.1"],
      ...wanted,
    } as CertificateInputs);
    assert.deepEqual(problems, []);
    return (await certificateHandler.create(context, inputs)).state;
  }

  function filesOf({ chain, key, ca }: CertificateState, name: string): { cert: string; key: string; ca: string } {
    const files = {
      cert: path.join(dir, `${name}.pem`),
      key: path.join(dir, `${name}.key`),
      ca: path.join(dir, `${name}-ca.pem`),
    };
    writeFileSync(files.cert, chain);
    writeFileSync(files.key, key, { mode: 0o600 });
    writeFileSync(files.ca, ca);
    return files;
  }

  async function start(
    files: { cert: string; key: string; ca: string },
    name = "n1",
    route?: string,
  ): Promise<NatsServer> {
    const tls = `tls { cert_file: "${files.cert}", key_file: "${files.key}", ca_file: "${files.ca}", verify: true }`;
    const routes = route ? `routes: ["${route}"]` : "";
    const cluster =
      route === undefined ? "" : `cluster {\n  name: c\n  listen: "127.0.0.1:-1"\n  ${routes}\n  ${tls}\n}`;
    const server = await NatsServer.start(
      `server_name: ${name}\nlisten: "127.0.0.1:-1"\ndebug: true\n${tls}\n${cluster}\n`,
    );
    servers.push(server);
    return server;
  }

  function dial(server: NatsServer, own: CertificateState | undefined, trusted = own?.ca): Promise<NatsConnection> {
    const port = new URL(server.url).port;
    return connect({
      servers: `127.0.0.1:${port}`,
      reconnect: false,
      timeout: 20_000,
      tls: { ca: trusted, ...(own ? { cert: own.cert, key: own.key } : {}) },
    });
  }
});

async function roundTrip(connection: NatsConnection): Promise<void> {
  try {
    const received = connection.subscribe("greeting", { max: 1 });
    connection.publish("greeting", "hello");
    for await (const message of received) assert.equal(message.string(), "hello");
  } finally {
    await connection.close();
  }
}

async function untilLogged(server: NatsServer, wanted: RegExp): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!wanted.test(server.log)) {
    assert.ok(Date.now() < deadline, `the server did not log ${String(wanted)} in 60 s:\n${server.log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
