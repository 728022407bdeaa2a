import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { deleteStream } from "../../provider/apply/jetstreamStreams";
import type { CallContext } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { jetStreamBed } from "./jetStreamBed";
import type { JetStreamBed } from "./jetStreamBed";
import { tellingContext } from "./tellingContext";
import { untilRemoved } from "./untilRemoved";

/** A stream ORDERS that is backed up to a folder, on a server of its own; gone after each test, with the folder. */
export interface BackedUpOrders {
  readonly server: () => JetStreamBed;
  /** The folder of this test. */
  readonly dir: () => string;
  /** What was told in this test. */
  readonly said: () => string[];
  readonly context: () => CallContext;
  readonly inputs: (change?: Partial<StreamInputs>) => StreamInputs;
  readonly backups: () => string[];
  /** Makes it with 500 messages of 700 bytes and a consumer. */
  readonly filled: (change?: Partial<StreamInputs>) => ReturnType<typeof streamHandler.create>;
}

export function backedUpOrders(version: string): BackedUpOrders {
  const bed = jetStreamBed(version);
  let dir: string;
  let said: string[];
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-backup-"));
    said = [];
  });
  afterEach(async () => {
    rmSync(dir, { recursive: true, force: true });
    await untilRemoved(bed().server);
    await deleteStream(bed().js, "ORDERS");
    await untilRemoved(bed().server);
  });
  const context = (): CallContext => tellingContext(bed().server.url, "Stream::ORDERS", said);
  const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
    name: "ORDERS",
    subjects: ["orders.>"],
    onDataLoss: "backup",
    backup: { dir },
    ...change,
  });
  const filled = async (change: Partial<StreamInputs> = {}): ReturnType<typeof streamHandler.create> => {
    const made = await streamHandler.create(context(), inputs(change));
    const { js, connection } = bed();
    await createConsumer(js, "ORDERS", { name: "invoices", durable_name: "invoices", ack_policy: "explicit" });
    for (let count = 0; count < 500; count++) {
      await connection.jetstream().publish(`orders.${count % 7}`, Buffer.alloc(700, count));
    }
    return made;
  };
  const backups = (): string[] => readdirSync(dir).map((name) => path.join(dir, name));
  return { server: bed, dir: () => dir, said: () => said, context, inputs, backups, filled };
}
