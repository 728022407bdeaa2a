import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Problem } from "../../../provider/errors";
import { accountProblems } from "../../../provider/model/jwt/accountChecks";
import type { AccountSettings } from "../../../provider/model/jwt/accountSettings";
import { unmatchedImports } from "../../../provider/model/jwt/importChecks";
import { publicKeyOf, seedOf } from "../../../provider/model/jwt/nkeys";
import { operatorProblems } from "../../../provider/model/jwt/operatorChecks";
import { signingKeyProblems } from "../../../provider/model/jwt/signingKeyChecks";
import { userProblems } from "../../../provider/model/jwt/userChecks";
import type { UserSettings } from "../../../provider/model/jwt/userSettings";

const now = 1_795_000_000;
const seed = (role: "operator" | "account" | "user"): string => seedOf(role, randomBytes(32));
const other = publicKeyOf(seed("account"));

/** Exactly these paths, with these words. */
function found(problems: readonly Problem[], expected: Readonly<Record<string, RegExp>>): void {
  assert.deepEqual(problems.map(({ path }) => path).sort(), Object.keys(expected).sort(), JSON.stringify(problems));
  for (const { path, reason, fix = "" } of problems) assert.match(`${reason}. Fix: ${fix}`, expected[path]!);
}
const user = (settings: Partial<UserSettings>, expected: Readonly<Record<string, RegExp>>, role?: string): void =>
  found(userProblems({ name: "u", ...settings }, role, now), expected);
const account = (settings: Partial<AccountSettings>, expected: Readonly<Record<string, RegExp>>): void =>
  found(accountProblems({ name: "a", ...settings }, now), expected);

describe("what is wrong with users", () => {
  it("is nothing where all is right", () => {
    user(
      { allowPub: ["orders.*", "$JS.API.>"], allowSub: ["_INBOX.>", "work.> workers"], denyPub: ["orders.secret"] },
      {},
    );
    user(
      {
        sourceNetwork: ["10.0.0.0/8", "::1/128"],
        time: ["08:00:00-18:30:00"],
        locale: "Europe/Berlin",
        connType: ["MQTT"],
      },
      {},
    );
    user({ subs: 0, data: -1, payload: -1, expiry: "6M", start: "1h", tag: ["a"], bearer: true }, {});
  });

  it("is named by subject", () => {
    user(
      { allowPub: ["a b"], allowSub: ["a b c", ".a"] },
      {
        "allowPub[0]": /"a b" contains white space.*"a\.b"/,
        "allowSub[0]": /more than a subject and a queue group/,
        "allowSub[1]": /has an empty token.*"a"/,
      },
    );
    user(
      { allowPub: ["a.b"], denyPubsub: ["a.>"] },
      { "allowPub[0]": /"a\.b" is allowed, but publishing to "a\.>" is denied, and a denial always wins/ },
    );
    user({ allowPubsub: ["x"], denySub: ["x"] }, { "allowPubsub[0]": /subscribing to "x" is denied/ });
    user(
      { allowPub: ["$JS.API.>"], allowSub: ["orders.>"] },
      { allowSub: /no inbox may be subscribed to: every answer is lost/ },
    );
  });

  it("is named by limit, network, hour and kind of connection", () => {
    user({ subs: -2 }, { subs: /-2: -1 \(unlimited\).*subs: -1/ });
    user({ data: 5 as never }, { data: /5 has no unit/ });
    user(
      { sourceNetwork: ["10.0.0.1", "10.0.0.0/40"], time: ["8-18"], connType: ["mqtt" as never], locale: "Mars" },
      {
        "sourceNetwork[0]": /no network in CIDR notation.*"10\.0\.0\.1\/32"/,
        "sourceNetwork[1]": /no network/,
        "time[0]": /no span of hours/,
        "connType[0]": /known are STANDARD.*"MQTT"/,
        locale: /no time zone/,
      },
    );
    user({ allowpub: ["a"] } as never, { allowpub: /no property "allowpub".*write allowPub/ });
  });

  it("is named by time", () => {
    user({ expiry: "2020-01-01" }, { expiry: /in the past/ });
    user({ expiry: "90" }, { expiry: /has no unit.*"90s"/ });
    user({ expiry: "soon" }, { expiry: /not a duration/ });
    user({ expiry: "1h", start: "2h" }, { start: /not before the expiry/ });
    const near = new Date((now + 3 * 86_400) * 1000).toISOString();
    user({ expiry: near }, { expiry: /it ends in 3 days/ });
    user({ name: "" }, { name: /is empty/ });
  });

  it("is what a role says already", () => {
    user({ tag: ["a"] }, {}, "service");
    user(
      { allowPub: ["a"] },
      { allowPub: /the role "service" says what its users may do.*sk: \[\{ role: "service", allowPub/ },
      "service",
    );
  });
});

describe("what is wrong with accounts", () => {
  it("is nothing where all is right", () => {
    account(
      {
        jsDiskStorage: -1,
        jsStreams: 5,
        exports: [
          { subject: "a.*.>", accountTokenPosition: 2 },
          { subject: "b", service: true, latency: "l", sampling: 50 },
        ],
      },
      {},
    );
    account(
      { imports: [{ srcAccount: other, remoteSubject: "a.*", localSubject: "b.$1" }], traceContextSubject: "t" },
      {},
    );
    account({ jsTier: { R1: { jsDiskStorage: "1GiB" }, R3: { jsDiskStorage: "3GiB", jsStreams: 2 } } }, {});
    account(
      {
        mappings: {
          "a.*": [
            { to: "b.$1", weight: 50 },
            { to: "c.{{wildcard(1)}}", weight: 50 },
          ],
        },
        defaultPermissions: { denySub: [">"] },
      },
      {},
    );
  });

  it("is named in exports and imports", () => {
    account(
      { exports: [{ subject: "a" }, { subject: "a" }] },
      { "exports[1].subject": /exported already, by exports\[0\]/ },
    );
    account(
      { wildcardExports: false, exports: [{ subject: "a.*" }] },
      { "exports[0].subject": /may not export any.*wildcardExports: true/ },
    );
    account(
      { exports: [{ subject: "a.b.*", accountTokenPosition: 2 }] },
      { "exports[0].accountTokenPosition": /token 2 of "a\.b\.\*" is "b".*accountTokenPosition: 3/ },
    );
    account(
      { imports: [{ srcAccount: other, remoteSubject: "a.*", localSubject: "b" }] },
      { "imports[0].localSubject": /does not use all wildcards/ },
    );
    const service = { srcAccount: other, service: true };
    account(
      {
        imports: [
          { ...service, remoteSubject: "a", localSubject: "x" },
          { ...service, remoteSubject: "b", localSubject: "x" },
        ],
      },
      { "imports[1].localSubject": /"x" overlaps with "x" of imports\[0\]/ },
    );
    found(
      unmatchedImports([{ srcAccount: other, remoteSubject: "a.b", service: true }], { [other]: [{ subject: "a.>" }] }),
      {
        "imports[0].remoteSubject": /no export of that account matches service "a\.b"; it has stream "a\.>"/,
      },
    );
    found(
      unmatchedImports([{ srcAccount: other, remoteSubject: "a.b" }], { [other]: [{ subject: "a.>", private: true }] }),
      {
        "imports[0].token": /is private: an activation token/,
      },
    );
    found(unmatchedImports([{ srcAccount: other, remoteSubject: "a.b" }], {}), {});
  });

  it("is named in limits, mappings, traces, callouts and revocations", () => {
    account(
      { jsTier: { R3: { jsDiskStorage: -1 } }, jsDiskStorage: -1 },
      { jsDiskStorage: /by tier or for all, not both/ },
    );
    account({ jsTier: { R3: { jsStreams: 1 } } }, { "jsTier.R3.jsStreams": /off without storage/ });
    account({ mappings: { "a.*": [{ to: "b.$2" }] } }, { 'mappings["a.*"][0].to': /has only 1 wildcards/ });
    account({ mappings: { a: "b" } } as never, { 'mappings["a"]': /a list of places is wanted/ });
    account({ traceContextSampling: 5 }, { traceContextSampling: /no subject to trace to/ });
    account(
      { authCallout: { authUser: [other], allowedAccount: ["*", other] } },
      {
        "authCallout.authUser[0]": /key of an account.*a user \(U…\) is wanted/s,
        "authCallout.allowedAccount": /"\*" stands beside/,
      },
    );
    account({ revocations: { [other]: "2026-01-01" } }, { [`revocations["${other}"]`]: /not a user's public key/ });
    account({ revocations: { "*": "yesterday" } }, { 'revocations["*"]': /"yesterday" is no time/ });
  });
});

describe("what is wrong with keys", () => {
  it("is their kind, and never shown", () => {
    const [operator, account, user] = [seed("operator"), seed("account"), seed("user")];
    found(signingKeyProblems([operator, publicKeyOf(operator), "generate"], "operator"), {});
    const problems = [
      ...signingKeyProblems([account, user, publicKeyOf(user)], "operator"),
      ...operatorProblems({ name: "o", sk: [], key: publicKeyOf(operator), systemAccountKey: operator }, now),
    ];
    found(problems, {
      "sk[0]": /it is the seed of an account; the seed of an operator \(SO…\), or its public key \(O…\), is wanted/,
      "sk[1]": /seed of a user/,
      "sk[2]": /public key of a user/,
      key: /public key of an operator; the seed of an operator \(SO…\) is wanted.*new nats\.Nkey\("…", \{ type: "operator" \}\)\.seed/,
      systemAccountKey: /seed of an operator; the seed of an account/,
    });
    for (const { reason } of problems) assert.doesNotMatch(reason, /S[OAU][A-Z2-7]{20}/);
    found(signingKeyProblems(["generate", "generate"], "account"), { "sk[1]": /twice/ });
    found(signingKeyProblems([{ role: "r" }, { role: "r" }, { role: "" }], "account"), {
      "sk[1].role": /"r" stands in the list twice/,
      "sk[2].role": /has no name/,
    });
    found(signingKeyProblems([{ role: "r" }], "operator"), { "sk[0]": /signing keys of an operator have no role/ });
  });

  it("is a missing signing key where one is required", () => {
    found(operatorProblems({ name: "o", sk: [], requireSigningKeys: true }, now), {
      requireSigningKeys: /no seed of one.*sk: "generate"/,
    });
    found(operatorProblems({ name: "o", sk: "generate", serviceUrl: ["http://x"] }, now), {
      "serviceUrl[0]": /no URL of NATS servers/,
    });
  });
});
