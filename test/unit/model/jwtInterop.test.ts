import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { decode, encodeUser, parseCreds } from "@nats-io/jwt";
import type { Account, Operator, User } from "@nats-io/jwt";
import { fromPublic, fromSeed } from "@nats-io/nkeys";
import { accountClaims } from "../../../provider/model/jwt/accountClaims";
import { readClaims, signedClaims } from "../../../provider/model/jwt/claims";
import { credsParts, credsText } from "../../../provider/model/jwt/creds";
import { isSignedBy, publicKeyOf, seedOf, signWith } from "../../../provider/model/jwt/nkeys";
import { operatorClaims } from "../../../provider/model/jwt/operatorClaims";
import { userClaims } from "../../../provider/model/jwt/userClaims";

const seed = (role: "operator" | "account" | "user"): string => seedOf(role, randomBytes(32));

describe("keys and JWTs of our own making", () => {
  it("are those of the nkeys library, both ways", () => {
    for (const role of ["operator", "account", "user"] as const) {
      const own = seed(role);
      const theirs = fromSeed(new TextEncoder().encode(own));
      assert.equal(publicKeyOf(own), theirs.getPublicKey());
      assert.equal(publicKeyOf(own)[0], role[0]!.toUpperCase());
      assert.ok(fromPublic(publicKeyOf(own)).verify(Buffer.from("text"), signWith(own, "text")));
      assert.ok(isSignedBy(publicKeyOf(own), "text", theirs.sign(Buffer.from("text"))));
      assert.equal(isSignedBy(publicKeyOf(own), "texts", theirs.sign(Buffer.from("text"))), false);
    }
  });

  it("are read by the jwt library, which verifies the signature", () => {
    const [operator, account, user] = [seed("operator"), seed("account"), seed("user")];
    const identity = { publicKey: publicKeyOf(operator), signingKeys: [], systemAccount: publicKeyOf(account) };
    const top = decode<Operator>(signedClaims(operatorClaims({ name: "acme" }, identity, 1000), operator, 1000));
    assert.deepEqual(
      [top.name, top.sub, top.iss, top.iat, top.nats.version],
      ["acme", identity.publicKey, identity.publicKey, 1000, 2],
    );
    const keys = { publicKey: publicKeyOf(account), signingKeys: [], revocations: {} };
    const middle = decode<Account>(
      signedClaims(accountClaims({ name: "app", jsDiskStorage: "1GiB", conns: 5 }, keys, 1000), operator, 1000),
    );
    assert.equal(middle.nats.type, "account");
    assert.deepEqual(
      [middle.nats.limits!.disk_storage, middle.nats.limits!.conn, middle.nats.limits!.streams],
      [1 << 30, 5, -1],
    );
    const who = { publicKey: publicKeyOf(user), issuerAccount: undefined };
    const low = decode<User>(
      signedClaims(userClaims({ name: "u", allowPub: ["a"], expiry: "1h" }, who, 1000), account, 1000),
    );
    assert.deepEqual([low.nats.pub, low.exp, low.nats.issuer_account], [{ allow: ["a"] }, 4600, undefined]);
  });

  it("are read here as the jwt library writes them, and its reader takes our creds", async () => {
    const [account, user] = [seed("account"), seed("user")];
    const [issuer, own] = [account, user].map((text) => fromSeed(new TextEncoder().encode(text)));
    const theirs = await encodeUser("u", own!, issuer!, { pub: { allow: ["a"] } });
    assert.deepEqual(readClaims<User>(theirs), decode<User>(theirs));
    const jwt = signedClaims(
      userClaims({ name: "u" }, { publicKey: publicKeyOf(user), issuerAccount: undefined }, 1),
      account,
      1,
    );
    const creds = credsText(jwt, user);
    const { key, jwt: read, aid } = await parseCreds(Buffer.from(creds));
    assert.deepEqual([key, read, aid], [user, jwt, publicKeyOf(account)]);
    assert.deepEqual(credsParts(creds), { jwt, seed: user });
  });

  it("have names that the jwt library can't write or read, which is why it does neither", async () => {
    const [account, user] = [seed("account"), seed("user")];
    const who = { publicKey: publicKeyOf(user), issuerAccount: undefined };
    const ours = signedClaims(userClaims({ name: "Łódź" }, who, 1), account, 1);
    assert.equal(readClaims(ours)!.name, "Łódź");
    assert.notEqual(decode(ours).name, "Łódź");
    const [issuer, own] = [account, user].map((text) => fromSeed(new TextEncoder().encode(text)));
    await assert.rejects(encodeUser("Łódź", own!, issuer!), /Invalid character/);
  });

  it("are the same text at the same time, and another at another", () => {
    const [operator, account] = [seed("operator"), publicKeyOf(seed("account"))];
    const make = (time: number): string =>
      signedClaims(
        accountClaims({ name: "app" }, { publicKey: account, signingKeys: [], revocations: {} }, time),
        operator,
        time,
      );
    assert.equal(make(1000), make(1000));
    assert.notEqual(make(1000), make(1001));
    assert.notEqual(readClaims(make(1000))!.jti, readClaims(make(1001))!.jti);
  });

  it("are not taken for claims when a letter is another", () => {
    const text = signedClaims(
      operatorClaims(
        { name: "acme" },
        { publicKey: publicKeyOf(seed("operator")), signingKeys: [], systemAccount: "" },
        1,
      ),
      seed("operator"),
      1,
    );
    assert.equal(readClaims(text)?.name, "acme");
    const [head, body, signature] = text.split(".") as [string, string, string];
    const other = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...other, name: "evil" })).toString("base64url");
    assert.equal(readClaims(`${head}.${forged}.${signature}`), undefined);
    for (const none of ["", "a.b.c", "eyJ", `${text}.x`]) assert.equal(readClaims(none), undefined);
  });
});
