import assert from "node:assert/strict";
import { wasRefused } from "../../../provider/apply/causes";
import { connectFailure, serverFailure } from "../../../provider/apply/connectFailure";
import { SshError } from "../../../provider/apply/ssh/sshError";
import { mergeConnection } from "../../../provider/model/connection";

describe("Servers that can't be reached", () => {
  const model = mergeConnection([{ origin: "the test", settings: { servers: ["nats://10.0.0.1:4222"] }, scope: 1 }]);
  const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code });
  const cases: readonly (readonly [what: string, error: Error, isNobodyThere: boolean, reason: RegExp])[] = [
    ["nothing listens", coded("x", "CONNECTION_REFUSED"), true, /^nothing listens there \(connection refused\)$/],
    ["the name is not known", coded("x", "ENOTFOUND"), true, /^the name 10\.0\.0\.1 is not known \(DNS\)$/],
    [
      "nothing listens beyond ssh",
      new SshError("refused", "a", "no connection from there to b:1 (Connection refused)"),
      true,
      /^ssh a: no connection from there to b:1 \(Connection refused\)$/,
    ],
    ["a login is refused", new SshError("login", "a", "login as ops was refused"), false, /login as ops was refused$/],
    ["there is no way", coded("x", "EHOSTUNREACH"), false, /no route/],
    ["a password is wrong", coded("x", "AUTHORIZATION_VIOLATION"), false, /wants credentials/],
  ];
  for (const [what, error, isNobodyThere, reason] of cases) {
    it(`are ${isNobodyThere ? "not there" : "there"} where ${what}`, () => {
      const failure = serverFailure(model, "10.0.0.1:4222", new Error("", { cause: error }));
      assert.match(failure.reason.replace(/^: /, ""), reason);
      assert.equal(connectFailure(model, [failure]).isNobodyThere, isNobodyThere);
    });
  }

  it("refuse where any of the causes does", () => {
    assert.ok(wasRefused(Object.assign(new Error("x"), { chainedError: coded("y", "ECONNREFUSED") })));
    assert.ok(!wasRefused(new Error("connection refused (ECONNREFUSED)")));
  });
});
