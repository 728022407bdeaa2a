import { readFileSync } from "node:fs";
import { handlerOf } from "../../provider/host/registry";
import type { CallContext } from "../../provider/host/handler";
import type { ChildWork } from "./killedChild";

/** Brings one resource to what stdin says, as a process of its own that a test can kill at any moment. */
async function main(): Promise<void> {
  const { kind, id, inputs, state, urn, config } = JSON.parse(readFileSync(0, "utf8")) as ChildWork;
  const say = async (message: string): Promise<void> => void process.stdout.write(`${message}\n`);
  const context: CallContext = { config: new Map(config ?? []), urn, timeout: undefined, warn: say, info: say };
  const handler = handlerOf(kind)!;
  process.stdout.write("go\n");
  if (state) await handler.update(context, id, state, inputs);
  else await handler.create(context, inputs);
  process.stdout.write("done\n");
}

void main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
