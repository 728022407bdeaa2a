import assert from "node:assert/strict";
import type { ProblemsError } from "../../../provider/errors";
import type { DiscoverOptions } from "../../../provider/cli/discover";
import { accountWays } from "../../../provider/cli/discoverAccounts";

describe("The accounts of discover", () => {
  const ways = (options: Partial<DiscoverOptions>) =>
    accountWays({ out: "out", ...options }, { HOME_OF_KEYS: "/keys" });
  const problems = (options: Partial<DiscoverOptions>): string[] => {
    try {
      ways(options);
      return [];
    } catch (error) {
      return (error as ProblemsError).message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    }
  };

  it("are the connection's own where none is named", () => {
    assert.deepEqual(ways({ context: "prod" }), [{ context: "prod", own: false }]);
    assert.deepEqual(ways({ context: "prod", account: ["ORDERS"] }), [{ name: "ORDERS", context: "prod", own: false }]);
  });

  it("come with a creds file beside the common servers, or with a context of their own", () => {
    const account = ["A=a.creds", "B=prod-b", "C=${HOME_OF_KEYS}/c", "D=./d.json", "E"];
    assert.deepEqual(ways({ server: "nats://a:4222", creds: "e.creds", account }), [
      { name: "A", server: "nats://a:4222", creds: "a.creds", own: true },
      { name: "B", context: "prod-b", own: true },
      { name: "C", server: "nats://a:4222", creds: "/keys/c", own: true },
      { name: "D", context: "./d.json", own: true },
      { name: "E", server: "nats://a:4222", creds: "e.creds", own: false },
    ]);
  });

  it("are refused with all that is wrong", () => {
    assert.deepEqual(problems({ account: ["A", "B", "A=a.creds", "C=", "=c.creds"] }), [
      '--account: "C=": a creds file or a context is missing. Fix: --account C=orders.creds',
      '--account: "=c.creds": a name is missing. Fix: --account ORDERS=c.creds',
      '--account: "A" is there twice. Fix: keep one',
      "--account: a connection is of one account, and A, B come without credentials. Fix: --account A=<creds file or context> --account B=<creds file or context>",
    ]);
    assert.deepEqual(problems({ creds: "x.creds", server: "nats://a", account: ["A=a.creds"] }), [
      "--creds: each --account brings credentials of its own, so nothing reads it. Fix: leave --creds out",
    ]);
    assert.deepEqual(problems({ context: "x", account: ["A=a", "B=b"] }), [
      "--context: each --account brings a context of its own, so nothing reads it. Fix: leave --context out",
    ]);
  });
});
