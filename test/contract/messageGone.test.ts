import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { isMessageGone } from "../../provider/apply/jetstreamErrors";
import { createStream, deleteStream } from "../../provider/apply/jetstreamStreams";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";

for (const version of serverVersions) {
  describe(`A message that can't be deleted, nats-server ${version}`, () => {
    const bed = jetStreamBed(version);
    let connection: NatsConnection;
    let js: JetStream;
    before(() => void ({ connection, js } = bed()));
    afterEach(() => deleteStream(js, "ORDERS"));

    /** What the server says to the deletion of one message of five, and whether it means that it is gone. */
    async function deleting(seq: number, config = {}): Promise<[answer: string, isGone: boolean]> {
      await createStream(js, { name: "ORDERS", subjects: ["orders"], ...config });
      for (let count = 0; count < 5; count++) await connection.jetstream().publish("orders", "x");
      await js.request("STREAM.PURGE.ORDERS", { seq: 3 }, "ORDERS");
      if (!("deny_delete" in config)) await js.request("STREAM.MSG.DELETE.ORDERS", { seq: 4 }, "ORDERS");
      let answer: [string, boolean] = ["", false];
      await assert.rejects(
        js.request("STREAM.MSG.DELETE.ORDERS", { seq, no_erase: true }, "ORDERS"),
        (error: Error) => {
          answer = [error.message, isMessageGone(error)];
          return true;
        },
      );
      return answer;
    }

    for (const storage of ["file", "memory"]) {
      it(`is gone where it was deleted before, or lies before the first one (${storage})`, async () => {
        assert.deepEqual(await deleting(4, { storage }), ["ORDERS: sequence 4 not found (10043)", true]);
        await deleteStream(js, "ORDERS");
        const [answer, isGone] = await deleting(1, { storage });
        assert.ok(isGone, answer);
      });

      it(`is not gone where the stream permits no deletion (${storage})`, async () => {
        assert.deepEqual(await deleting(3, { storage, deny_delete: true }), [
          "ORDERS: message delete not permitted (10057)",
          false,
        ]);
      });
    }
  });
}
