import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { problemText } from "../../provider/errors";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import { backedUpOrders } from "../bed/backedUpOrders";
import { serverVersions } from "../bed/natsServer";

for (const version of serverVersions) {
  describe(`Backups that a stream is made from, nats-server ${version}`, function () {
    this.timeout(180_000);
    const orders = backedUpOrders(version);
    const { context, inputs, backups, filled } = orders;
    let js: JetStream;
    let said: string[];
    before(() => void ({ js } = orders.server()));
    beforeEach(() => void (said = orders.said()));

    it("are refused where they are damaged or of another stream, and nothing is left", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      const [backup] = backups();
      const restore = (change: Partial<StreamInputs> = {}): Promise<unknown> =>
        streamHandler.create(context(), inputs({ restoreFrom: { dir: backup! }, ...change }));
      const told = async (change: Partial<StreamInputs> = {}): Promise<string> => {
        const news = inputs({ restoreFrom: { dir: backup! }, ...change });
        const { problems } = await streamHandler.check(context(), undefined, news);
        return problems.map((each) => `${each.path}: ${problemText(each)}`).join("\n");
      };
      assert.equal(await told(), "");
      for (const [change, reason] of [
        [{ name: "OTHER" }, /holds stream "ORDERS".*Fix: name: "ORDERS"/],
        [{ storage: "memory" }, /was a stream with storage "file".*Fix: storage: "file"/],
        [{ restoreFrom: { dir: tmpdir() } }, /is no backup of a stream\. Fix: the folder/],
      ] as const) {
        assert.match(await told(change), new RegExp(`^restoreFrom\\.dir: \\S+ ${reason.source}`));
        await assert.rejects(restore(change), reason);
      }
      // What the stream could not become once it is there, or what that would delete of it.
      said.length = 0;
      for (const [change, at, reason] of [
        [
          { retention: "workqueue" },
          "retention",
          /\S+ can't become this once it is restored: from "limits" to "workqueue": .*Fix: say what it had, or/,
        ],
        [
          { onDataLoss: "refuse", maxMsgs: 100 },
          "maxMsgs",
          /of what \S+ holds, from -1 to 100: .*deletes 400 of 500 messages/,
        ],
      ] as const) {
        assert.match(await told(change), new RegExp(`^${at}: ${reason.source}`));
        await assert.rejects(
          restore(change),
          new RegExp(`stream "ORDERS" is not restored:\n  ${at}: ${reason.source}`),
        );
        assert.equal(await streamInfo(js, "ORDERS"), undefined);
      }
      assert.deepEqual(said, []);
      assert.equal(await told(), "");
      assert.deepEqual(said, [`restores 500 messages and 1 consumer of stream "ORDERS" from ${backup}`]);
      const all = {
        streams: { ORDERS: { ...inputs({ retention: "workqueue", restoreFrom: { dir: backup! } }), name: undefined } },
      };
      const { problems: ofMap } = await streamsHandler.check(
        context(),
        undefined,
        JSON.parse(JSON.stringify(all)) as never,
      );
      assert.deepEqual(
        ofMap.map(({ path: at }) => at),
        ["streams.ORDERS.retention"],
      );
      const data = path.join(backup!, "stream.tar.s2");
      const whole = readFileSync(data);
      truncateSync(data, statSync(data).size - 1);
      assert.match(
        await told(),
        /^restoreFrom\.dir: \S+ is damaged: its SHA-256 is \w{64}, and stream.*\.sha256 says /,
      );
      // As it would be of the nats CLI.
      rmSync(`${data}.sha256`);
      assert.match(await told(), /^restoreFrom\.dir: \S+ is damaged: it ends too early\. Fix: another backup/);
      await assert.rejects(restore(), /is damaged: it ends too early\. Fix: another backup/);
      // What only the server sees.
      for (const part of [0.3, 0.5, 0.7]) whole[Math.floor(whole.length * part)]! ^= 1;
      writeFileSync(data, whole);
      assert.equal(await told(), "");
      await assert.rejects(restore(), /restoring stream "ORDERS": restore failed/);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      // A stream that is there is not made from it; one that is to be made anew is.
      const { state } = await streamHandler.create(context(), inputs());
      assert.equal(await told({ adopt: true }), "");
      const replaced = inputs({ storage: "memory", restoreFrom: { dir: backup! } });
      const { problems } = await streamHandler.check(context(), state, replaced);
      assert.deepEqual(
        problems.map(({ path: at }) => at),
        ["restoreFrom.dir"],
      );
    });

    it("say that a ban which they hold stays, before anything is restored", async () => {
      const made = await filled({ denyDelete: true });
      await streamHandler.delete(context(), made.id, made.state);
      const news = inputs({ restoreFrom: { dir: backups()[0]! } });
      const { problems } = await streamHandler.check(context(), undefined, news);
      assert.deepEqual(
        problems.map(({ path: at, severity }) => [at, severity]),
        [["denyDelete", undefined]],
      );
      assert.match(
        problemText(problems[0]!),
        /can't become this once it is restored: from true to false: .* Fix: say what it had/,
      );
      await assert.rejects(streamHandler.create(context(), news), /is not restored:\n  denyDelete: /);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      await streamHandler.create(context(), { ...news, denyDelete: true });
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
    });
  });
}
