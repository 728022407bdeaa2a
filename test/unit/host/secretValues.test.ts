import assert from "node:assert/strict";
import { secretValues } from "../../../provider/host/secretValues";
import { isSecretName } from "../../../provider/model/secretName";

describe("Values that are secret by their name", () => {
  it("are found at any depth", () => {
    const bag = {
      name: "plain",
      password: "pw",
      users: [{ user: "ann", token: "tok" }],
      secrets: { NATS_1: "one", NATS_2: "two" },
      management: { seed: "SU", ca: "public" },
      tls: { key: "private", keyFile: "/path" },
      publicKey: "UABC",
    };
    assert.deepEqual(secretValues(bag).sort(), ["SU", "one", "private", "pw", "tok", "two"]);
  });

  it("include each long line of a text", () => {
    const creds = "-----BEGIN-----\neyJhbGciOiJFZDI1NTE5In0\nshort\n-----END-----";
    assert.deepEqual(secretValues({ creds }), [creds, "eyJhbGciOiJFZDI1NTE5In0"]);
  });

  it("are not those of files and public keys", () => {
    const plain = ["credsFile", "tokenPath", "publicKey", "keys", "monkey", "name", "compass"];
    assert.deepEqual(plain.filter(isSecretName), []);
    const secret = [
      "password",
      "adminPassword",
      "authToken",
      "nkeySeed",
      "privateKey",
      "creds",
      "passphrase",
      "secretFiles",
    ];
    assert.deepEqual(secret.filter(isSecretName), secret);
  });
});
