import assert from "node:assert/strict";
import { Account } from "../../provider/resources/account";
import { User } from "../../provider/resources/user";
import { newOperator } from "../bed/operatorServer";
import { register } from "./mocks";

const operator = newOperator("acme");

describe("The keyring of an account", () => {
  /** What a user is told of its account's keys. */
  async function keyringsOf(...accounts: readonly string[]): Promise<unknown[]> {
    const all = await register(() => {
      for (const name of accounts) {
        new User(`user of ${name}`, { account: new Account(name, { operator, clusters: [], conns: 5 }) });
      }
    });
    return all.filter(({ type }) => type.endsWith(":User")).map(({ inputs }) => inputs["keyring"]);
  }

  it("is the same in every run, and another one for another account with the same arguments", async () => {
    const [stores, tills] = await keyringsOf("stores", "tills");
    assert.match(String(stores), /^[0-9a-f]{32}$/);
    assert.notEqual(stores, tills);
    assert.deepEqual(await keyringsOf("tills"), [tills]);
  });
});
