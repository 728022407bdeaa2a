import assert from "node:assert/strict";
import { connect, credsAuthenticator, jwtAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { isError } from "../../provider/errors";
import type { CallContext } from "../../provider/host/handler";
import { accountHandler } from "../../provider/resources/accountHandler";
import { inputsOf } from "../../provider/resources/accountState";
import type { AccountInputs, AccountState } from "../../provider/resources/accountState";
import { userHandler } from "../../provider/resources/userHandler";
import type { UserInputs, UserState } from "../../provider/resources/userState";
import type { OperatorBed } from "./operatorServer";

/** Accounts and users on servers of an operator, as the resources make them, and what connects as these users. */
export class OperatorUsers {
  readonly #context: CallContext;
  readonly #bed: OperatorBed;
  readonly #open: NatsConnection[] = [];

  constructor(context: CallContext, bed: OperatorBed) {
    this.#context = context;
    this.#bed = bed;
  }

  async account(more: Partial<AccountInputs> = {}): Promise<AccountState> {
    const { publicKey, signingKey } = this.#bed.operator;
    const keys = { operator: publicKey, operatorKey: signingKey };
    const inputs: AccountInputs = { name: "core", ...keys, servers: [this.#bed.access], ...more };
    const checked = await accountHandler.check(this.#context, undefined, inputs);
    // A busy machine's server may not answer in a preview's two seconds, which is a warning.
    assert.deepEqual(checked.problems.filter(isError), []);
    return (await accountHandler.create(this.#context, checked.inputs)).state;
  }

  async changed(account: AccountState, more: Partial<AccountInputs>): Promise<AccountState> {
    return accountHandler.update(this.#context, account.publicKey, account, { ...inputsOf(account), ...more });
  }

  async user(inputs: UserInputs): Promise<UserState> {
    const checked = await userHandler.check(this.#context, undefined, inputs);
    assert.deepEqual(checked.problems, []);
    return (await userHandler.create(this.#context, checked.inputs)).state;
  }

  async enter({ creds, jwt }: Pick<UserState, "creds" | "jwt">): Promise<NatsConnection> {
    assert.ok(creds?.includes(jwt));
    return this.#connect(credsAuthenticator(new TextEncoder().encode(creds)));
  }

  /** By the JWT alone, without a proof of the seed. */
  async enterBare({ jwt }: Pick<UserState, "jwt">): Promise<NatsConnection> {
    return this.#connect(jwtAuthenticator(jwt));
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((connection) => connection.close()));
  }

  async #connect(authenticator: ReturnType<typeof jwtAuthenticator>): Promise<NatsConnection> {
    const { url: servers } = this.#bed.servers[0]!;
    const connection = await connect({ servers, authenticator, reconnect: false, timeout: 20_000 });
    this.#open.push(connection);
    return connection;
  }
}
