import { createDecipheriv, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";

/**
 * The key of the secrets in a test's stacks, which Pulumi asks this process for as it asks Vault: of a passphrase it would
 * make a million hashes at each operation.
 */
const key = randomBytes(32);
let address: Promise<string> | undefined;

/** Variables of Pulumi's environment. */
export async function secretsEnv(): Promise<Record<string, string>> {
  return { VAULT_SERVER_URL: await (address ??= serve()), VAULT_SERVER_TOKEN: "test" };
}

/** The part of a stack's settings that says where its key comes from. */
export const secretsSettings = `secretsprovider: hashivault://test\nencryptedkey: ${Buffer.from("the key").toString("base64")}\n`;

/** Values of a state with what is secret in them as it was. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const { [specialSigKey]: kind, ciphertext } = value as Record<string, unknown>;
  if (kind === specialSecretSig) return withoutSecrets(JSON.parse(decrypted(ciphertext as string)));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner)]));
}

function decrypted(text: string): string {
  const [nonce, sealed] = text
    .split(":")
    .slice(1)
    .map((part) => Buffer.from(part, "base64"));
  const decipher = createDecipheriv("aes-256-gcm", key, nonce!).setAuthTag(sealed!.subarray(-16));
  return Buffer.concat([decipher.update(sealed!.subarray(0, -16)), decipher.final()]).toString("utf8");
}

/** Answers what Vault's transit engine is asked, which is always for the key. */
function serve(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      request.resume().once("end", () => {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ data: { plaintext: key.toString("base64") } }));
      });
    });
    // It ends with the process.
    server.on("connection", (socket) => socket.unref());
    server.unref();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
