import assert from "node:assert/strict";
import { problemText } from "../../../provider/errors";
import { handlerOf } from "../../../provider/host/registry";
import { unknownValue } from "../../../provider/host/handler";
import { Account } from "../../../provider/resources/account";
import { User } from "../../../provider/resources/user";
import { contextOf } from "../../contract/suite";

/** No server is asked: nothing listens at that port. */
const nowhere = new Map([["servers", "nats://127.0.0.1:1"]]);

/** What the check says of the properties. */
async function said(kind: string, inputs: object): Promise<string[]> {
  const { problems } = await handlerOf(kind)!.check(contextOf(nowhere, undefined).context, undefined, inputs);
  return problems.filter(({ path }) => path !== "").map((problem) => `${problem.path}: ${problemText(problem)}`);
}

const cases: readonly (readonly [kind: string, inputs: object, expected: readonly RegExp[]])[] = [
  ["Password", { lenght: 32 }, [/^lenght: there is no property "lenght" here\. Fix: write length$/]],
  ["Password", { length: "32" }, [/^length: "32": a number is wanted\. Fix: 32$/]],
  ["Password", { length: {} }, [/^length: an object: a number is wanted$/]],
  ["Nkey", { typ: "user" }, [/^typ: .* Fix: write type$/]],
  ["Nkey", { type: [] }, [/^type: a list: text is wanted$/]],
  ["CertificateAuthority", { commonName: "ca", validty: "1h" }, [/^validty: .* Fix: write validity$/]],
  ["CertificateAuthority", { commonName: "ca", validity: 24 }, [/^validity: 24: text is wanted\. Fix: "24"$/]],
  [
    "Certificate",
    { commonName: "c", issuer: null, dnsName: "a" },
    [/^dnsName: .* Fix: write dnsNames$/, /^issuer: no issuer is given\. Fix: /, /^dnsNames: it is for a server/],
  ],
  [
    "Certificate",
    { commonName: "c", issuer: unknownValue, dnsNames: "a", usages: ["client"] },
    [/^dnsNames: "a": a list is wanted\. Fix: \["a"\]$/],
  ],
  [
    "CredsFile",
    { path: {}, creds: unknownValue, mode: "600" },
    [/^mode: .* Fix: one of path, creds$/, /^path: \{\} is not .* Fix: path: "\/.*user\.creds"$/],
  ],
  [
    "Operator",
    { name: 5, requireSigningKey: true },
    [/^requireSigningKey: .* Fix: write requireSigningKeys$/, /^name: 5: text is wanted/],
  ],
  [
    "Operator",
    { name: "o", key: 12345, sk: [7] },
    [/^key: a number: text is wanted/, /^sk\[0\]: 7: an object is wanted|^sk\[0\]: a number/],
  ],
  ["Account", { name: ["a"] }, [/^name: a list: text is wanted/]],
  ["User", { name: {}, allowpubs: [] }, [/^allowpubs: .* Fix: write allowPub$/, /^name: an object: text is wanted/]],
  [
    "Stream",
    { name: {}, onDataLos: "allow" },
    [/^name: \{\}: text is wanted\. Fix: name: "…"$/, /^onDataLos: .* Fix: write onDataLoss$/],
  ],
];

describe("inputs of another shape", () => {
  for (const [kind, inputs, expected] of cases) {
    it(`of a ${kind} are told: ${JSON.stringify(inputs)}`, async () => {
      const found = await said(kind, inputs);
      for (const wanted of expected)
        assert.ok(
          found.some((text) => wanted.test(text)),
          `${String(wanted)} in\n${found.join("\n")}`,
        );
      assert.equal(found.length, expected.length, found.join("\n"));
    });
  }

  it("stop a program before its account or user is declared", () => {
    const user = (args: unknown): unknown => new User("billing", args as never);
    const account = (args: unknown): unknown => new Account("payments", args as never);
    assert.throws(
      () => user(undefined),
      /nats\.User "billing":\n {2}the arguments are missing\. Fix: \{ account: payments \}/,
    );
    assert.throws(() => user({}), /account: is missing\. Fix: account: payments/);
    assert.throws(
      () => user({ account: "payments" }),
      /account: "payments": an account is wanted\. Fix: account: payments/,
    );
    assert.throws(() => account(undefined), /nats\.Account "payments":\n {2}the arguments are missing/);
    assert.throws(() => account({ cluster: "east" }), /cluster: "east": a cluster is wanted\. Fix: cluster: east/);
    assert.throws(() => account({ clusters: {} }), /clusters: an object: a list is wanted/);
  });
});
