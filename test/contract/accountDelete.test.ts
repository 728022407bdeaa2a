import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import type { NatsConnection } from "nats";
import { Claims } from "../../provider/apply/claims";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { waitFor } from "../../provider/apply/wait";
import { seedOf } from "../../provider/model/jwt/nkeys";
import { accountHandler } from "../../provider/resources/accountHandler";
import { inputsOf } from "../../provider/resources/accountState";
import type { AccountState } from "../../provider/resources/accountState";
import { serverVersions } from "../bed/natsServer";
import { newOperator, startOperatorServers } from "../bed/operatorServer";
import type { OperatorBed } from "../bed/operatorServer";
import { OperatorUsers } from "../bed/operatorUsers";
import { untilHeard } from "../bed/untilHeard";
import { contextOf } from "./suite";

const config = 'http: "127.0.0.1:-1"\njetstream { store_dir: "{dir}/js", max_file: 1GB, max_mem: 64MB }';

for (const [version, count] of [
  [serverVersions[0], 1],
  [serverVersions.at(-1)!, 1],
  [serverVersions[0], 3],
] as const) {
  describe(`An account that is deleted, nats-server ${version}, ${count} of them`, function () {
    this.timeout(180_000);
    const operator = newOperator("acme");
    const said = contextOf(new Map(), "urn:pulumi:test::suite::nats:Account::it");
    let bed: OperatorBed;
    let users: OperatorUsers;
    before(async () => {
      bed = await startOperatorServers("east", operator, { count, version, config });
      users = new OperatorUsers(said.context, bed);
    });
    after(async () => {
      await users.close();
      await closeConnections();
      await bed.stop();
    });

    /** An account with a stream S that a consumer reads. */
    async function withStream(messages: number): Promise<AccountState> {
      const core = await users.account({ sk: "generate", jsDiskStorage: "10MiB" });
      const user = await users.user({ name: "u", account: core.publicKey, signingKey: core.signingKey! });
      const client: NatsConnection = await users.enter(user);
      const stream = { name: "S", subjects: ["s"], storage: "file", retention: "limits", num_replicas: count };
      const consumer = { name: "c", durable_name: "c", ack_policy: "explicit" };
      // A new account's JetStream is there on each server in its own time.
      const js = new JetStream(client);
      await js.request("STREAM.CREATE.S", stream, 'stream "S"');
      await js.request("CONSUMER.CREATE.S.c", { stream_name: "S", config: consumer }, 'consumer "c"');
      for (let index = 0; index < messages; index++) await client.jetstream().publish("s", undefined, untilHeard);
      return core;
    }

    async function restart(): Promise<void> {
      await users.close();
      await closeConnections();
      await Promise.all(bed.servers.map((server) => server.kill()));
      const servers = await Promise.all(bed.servers.map((server) => server.again()));
      const access = { ...bed.access, urls: servers.map(({ url }) => url) };
      bed = { ...bed, servers, access, stop: async () => void (await Promise.all(servers.map((one) => one.stop()))) };
      users = new OperatorUsers(said.context, bed);
    }

    async function health(): Promise<string[]> {
      const answers = bed.servers.map(async ({ ports }) => (await fetch(`${ports.monitoring![0]}/healthz`)).text());
      return [...new Set(await Promise.all(answers))];
    }

    async function untilHealth(wanted: RegExp): Promise<void> {
      await waitFor(`health ${wanted.source}`, { timeout: 60_000 }, async () => {
        const answers = await health();
        return answers.every((text) => wanted.test(text)) ? { value: true } : { pending: answers.join() };
      });
    }

    /** Folders of JetStream with files of streams in them. */
    function foldersOf(account: string): string[] {
      const stores = bed.servers.map(({ dir }) => path.join(dir, "js/jetstream", account, "streams"));
      return stores.flatMap((folder) => {
        try {
          return readdirSync(folder);
        } catch {
          return [];
        }
      });
    }

    it("takes its empty streams with it, says which, and leaves servers that restart in health", async () => {
      const core = await withStream(0);
      assert.equal(foldersOf(core.publicKey).length, count);
      const { notes } = await accountHandler.diff(said.context, core.publicKey, core, {
        ...core,
        key: seedOf("account", randomBytes(32)),
      });
      const replaced =
        'another key is another account; this one takes its streams with it: S (0 messages) on cluster "east"';
      assert.deepEqual(notes, [{ severity: "info", message: replaced }]);
      const before = said.lines.length;
      await accountHandler.delete(said.context, core.publicKey, core);
      assert.deepEqual(said.lines.slice(before), [
        'account "core" takes its streams with it: S (0 messages) on cluster "east"',
      ]);
      assert.deepEqual(foldersOf(core.publicKey), []);
      const idle = await users.account({ sk: "generate", jsDiskStorage: "10MiB" });
      await accountHandler.delete(said.context, idle.publicKey, idle);
      await restart();
      await untilHealth(/^\{"status":"ok"\}$/);
    });

    it("keeps its streams while its JetStream is turned off, says so before, and has them again", async () => {
      const core = await withStream(3);
      const { jsDiskStorage: _storage, ...off } = inputsOf(core);
      const { notes } = await accountHandler.diff(said.context, core.publicKey, core, off);
      const message =
        'JetStream is turned off for it: nobody reaches S (3 messages) on cluster "east" until it is turned on again; they stay where they are';
      assert.deepEqual(notes, [{ severity: "warning", message }]);
      const without = await accountHandler.update(said.context, core.publicKey, core, off);
      assert.deepEqual((await accountHandler.diff(said.context, core.publicKey, without, off)).notes, []);
      const user = await users.user({ name: "again", account: core.publicKey, signingKey: core.signingKey! });
      const js = new JetStream(await users.enter(user));
      await assert.rejects(js.request("STREAM.INFO.S", undefined, 'stream "S"'), /\(10039\)|503|no JetStream/i);
      assert.equal(foldersOf(core.publicKey).length, count);
      const again = await users.changed(without, { jsDiskStorage: "10MiB" });
      await waitFor("its stream", { timeout: 30_000 }, async () => {
        const info = await js.request("STREAM.INFO.S", undefined, 'stream "S"').catch((error: Error) => error);
        if (info instanceof Error) return { pending: info.message };
        const { messages } = info["state"] as { readonly messages: number };
        return messages === 3 ? { value: true } : { pending: `${messages} messages` };
      });
      await accountHandler.delete(said.context, core.publicKey, { ...again, onDataLoss: "allow" });
      assert.deepEqual(foldersOf(core.publicKey), []);
    });

    it("is refused while its streams hold messages, also where the servers have lost its claims", async () => {
      const core = await withStream(1);
      const refusal =
        /account "core" holds messages, which would be deleted with it: S \(1 message\) on cluster "east"\. Fix: set onDataLoss: "allow"/;
      await assert.rejects(accountHandler.delete(said.context, core.publicKey, core), refusal);
      await assert.rejects(
        accountHandler.diff(said.context, core.publicKey, core, { ...core, key: seedOf("account", randomBytes(32)) }),
        /^NatsError: key: another key is another account, .* S \(1 message\) on cluster "east"\. Fix: leave the key; or first onDataLoss/,
      );
      const claims = await Claims.open(bed.access);
      await claims.remove([core.publicKey], operator.signingKey, Math.floor(Date.now() / 1000));
      await restart();
      await untilHealth(/could not be resolved|can not lookup account|account jwt not found/);
      const lost = { ...core, servers: [bed.access] };
      await assert.rejects(accountHandler.delete(said.context, core.publicKey, lost), refusal);
      await accountHandler.delete(said.context, core.publicKey, { ...lost, onDataLoss: "allow" });
      assert.deepEqual(await (await Claims.open(bed.access)).lookup(core.publicKey), Array(count).fill(""));
      assert.deepEqual(foldersOf(core.publicKey), []);
      await restart();
      await untilHealth(/^\{"status":"ok"\}$/);
    });
  });
}
