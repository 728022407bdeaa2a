import { readFileSync } from "node:fs";
import type { ServersInputs, ServersState } from "../../provider/model/servers";
import { serversHandler } from "../../provider/resources/serversHandler";
import type { CallContext } from "../../provider/host/handler";

/** Brings servers to what stdin says, as a process of its own that a test can kill at any moment. */
async function main(): Promise<void> {
  const { inputs, state, urn } = JSON.parse(readFileSync(0, "utf8")) as {
    inputs: ServersInputs;
    state?: ServersState;
    urn: string;
  };
  const say = async (message: string): Promise<void> => void process.stdout.write(`${message}\n`);
  const context: CallContext = { config: new Map(), urn, timeout: undefined, warn: say, info: say };
  process.stdout.write("go\n");
  if (state) await serversHandler.update(context, state.target.dir, state, inputs);
  else await serversHandler.create(context, inputs);
  process.stdout.write("done\n");
}

void main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
