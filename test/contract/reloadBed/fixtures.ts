import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from "@nats-io/jwt";

/** Files that changed configurations name: certificates, JWTs, credentials, keys. Values stand in for `{name}` in their texts. */
export interface Fixtures {
  readonly dir: string;
  readonly values: Readonly<Record<string, string>>;
  /** Credentials of a user of the operator's system account. */
  readonly systemCreds: string;
  remove(): void;
}

export async function makeFixtures(): Promise<Fixtures> {
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-fixtures-"));
  const [certificates, identities] = await Promise.all([writeCertificates(dir), writeIdentities(dir)]);
  const { systemCreds, ...names } = identities;
  return {
    dir,
    values: { fixtures: dir, ...certificates, ...names },
    systemCreds,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function writeCertificates(dir: string): Promise<Record<string, string>> {
  require("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const crypto = webcrypto;
  x509.cryptoProvider.set(crypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const notAfter = new Date(Date.now() + 864e5);
  const caKeys = await keys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=test ca",
    notAfter,
    signingAlgorithm: algorithm,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const pins: Record<string, string> = {};
  for (const name of ["a", "b"]) {
    const leafKeys = await keys();
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: name === "a" ? "02" : "03",
      subject: `CN=${name}`,
      issuer: ca.subject,
      notAfter,
      signingAlgorithm: algorithm,
      publicKey: leafKeys.publicKey,
      signingKey: caKeys.privateKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: "dns", value: "localhost" },
          { type: "ip", value: "127.0.0.1" },
        ]),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      ],
    });
    const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", leafKeys.privateKey)).toString("base64");
    writeFileSync(path.join(dir, `${name}.pem`), leaf.toString("pem") + "\n");
    writeFileSync(path.join(dir, `${name}.key`), `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, {
      mode: 0o600,
    });
    const digest = await crypto.subtle.digest("SHA-256", await crypto.subtle.exportKey("spki", leafKeys.publicKey));
    pins[`pin${name.toUpperCase()}`] = Buffer.from(digest).toString("hex");
  }
  writeFileSync(path.join(dir, "ca.pem"), ca.toString("pem") + "\n");
  return pins;
}

/** An operator with a system account and an account, a second operator, and creds of leaf users. */
async function writeIdentities(dir: string): Promise<Record<string, string> & { systemCreds: string }> {
  const [operator, otherOperator, system, account, user] = [
    createOperator(),
    createOperator(),
    createAccount(),
    createAccount(),
    createUser(),
  ];
  const write = (name: string, text: string) => writeFileSync(path.join(dir, name), text, { mode: 0o600 });
  write("operator.jwt", await encodeOperator("O", operator, { system_account: system.getPublicKey() }));
  write("operator2.jwt", await encodeOperator("O2", otherOperator, {}));
  const limits = { conn: -1, leaf: -1, subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true };
  const systemJwt = await encodeAccount("SYS", system, { limits }, { signer: operator });
  const accountJwt = await encodeAccount("APP", account, { limits }, { signer: operator });
  const accountJwt2 = await encodeAccount("APP", account, { limits, description: "changed" }, { signer: operator });
  const systemCreds = Buffer.from(fmtCreds(await encodeUser("sys", user, system), user)).toString();
  const leafUser = createUser();
  const leafCreds = Buffer.from(fmtCreds(await encodeUser("leaf", leafUser, account), leafUser)).toString();
  for (const name of ["leaf1.creds", "leaf2.creds"]) write(name, leafCreds);
  return {
    systemCreds,
    sysAccount: system.getPublicKey(),
    sysJwt: systemJwt,
    appAccount: account.getPublicKey(),
    appJwt: accountJwt,
    appJwt2: accountJwt2,
    operatorKey: operator.getPublicKey(),
    otherOperatorKey: otherOperator.getPublicKey(),
    accountKey: createAccount().getPublicKey(),
    otherAccountKey: createAccount().getPublicKey(),
    userKey: createUser().getPublicKey(),
    otherUserKey: createUser().getPublicKey(),
    proxyKey: createAccount().getPublicKey(),
    otherProxyKey: createAccount().getPublicKey(),
    userSeed: Buffer.from(createUser().getSeed()).toString(),
    otherUserSeed: Buffer.from(createUser().getSeed()).toString(),
    sentinel: await encodeUser("sentinel", createUser(), account, { bearer_token: true }),
  };
}
