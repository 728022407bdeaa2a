import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { sleep } from "../../provider/apply/wait";
import { problemText } from "../../provider/errors";
import type { CallContext } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { runAndKill } from "../bed/killedChild";
import { storedBackups } from "../bed/storedBackups";
import { contextOf } from "./suite";

describe("A backup to an object store, its process killed (-9)", function () {
  this.timeout(300_000);
  const bed = jetStreamBed();
  const urn = "urn:pulumi:test::test::nats:Stream::ORDERS";
  const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
    name: "ORDERS",
    subjects: ["orders.>"],
    onDataLoss: "backup",
    backup: { bucket: "backups" },
    ...change,
  });
  const from = (name: string): Pick<StreamInputs, "restoreFrom"> => ({ restoreFrom: { bucket: "backups", name } });

  it("at any moment: what it leaves can't be restored, and the next one clears it away", async () => {
    const { js, connection, server } = bed();
    const config = new Map([["servers", server.url]]);
    const here = (): CallContext => contextOf(config, urn).context;
    await objectStoreHandler.create(here(), { bucket: "backups" });
    const made = await streamHandler.create(here(), inputs());
    for (let count = 0; count < 48; count++) {
      await connection.jetstream().publish("orders.large", randomBytes(512 * 1024));
    }
    const news = inputs({ maxMsgs: 1 });
    const work = { kind: "Stream", id: made.id, inputs: news, state: made.state, urn, config: [...config] };
    const seen: string[] = [];
    const moments = [
      (subject: string, count: number): boolean => subject.startsWith("$O.backups.C.") && count > 20,
      // The snapshot's own entry is there, and it is read again.
      (subject: string): boolean => subject.startsWith("$O.backups.M."),
    ];
    for (const isReached of moments) {
      const reached = async (isOver: () => boolean): Promise<void> => {
        while (!isOver()) {
          const { state } = (await streamInfo(js, "OBJ_backups", { subjects: true }))!;
          if (Object.entries(state.subjects ?? {}).some(([subject, count]) => isReached(subject, count))) return;
          await sleep(5);
        }
      };
      assert.equal(await runAndKill(work, reached), true);
      const { backups, objects, stray } = await storedBackups(js);
      assert.deepEqual(backups, []);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 48);
      assert.ok(stray > 0 || objects.length > 0, "it was cut short in the midst");
      seen.push(objects.length > 0 ? "entry" : "chunks");
      for (const object of objects) {
        const name = object.replace(/\/.*/, "");
        const { problems } = await streamHandler.check(here(), undefined, inputs({ name: "X", ...from(name) }));
        assert.match(problems.map(problemText).join("\n"), /is no backup of a stream/);
      }
    }
    assert.deepEqual(seen, ["chunks", "entry"]);
    await streamHandler.update(here(), made.id, made.state, news);
    const { backups, objects, stray } = await storedBackups(js);
    assert.deepEqual([backups.length, objects.length, stray], [1, 3, 0]);
    assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 1);
    await deleteStream(js, "ORDERS");
    await streamHandler.create(here(), inputs(from(backups[0]!)));
    assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 48);
  });
});
