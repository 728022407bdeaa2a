import { askToEnd } from "../apply/ending";
import { idle } from "./calls";
import { watchEngine } from "./engineWatch";

let installed = false;

/**
 * Ends this process with its connections drained: at once when the engine ends it (SIGINT, then SIGKILL after 5 s); when the engine
 * itself was killed, after what is under way has come to a point from which the next `up` goes on.
 */
export function endGracefully(): void {
  if (installed || !/cmd[\\/]dynamic-provider/.test(process.argv[1] ?? "")) return;
  installed = true;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    const { closeConnections } = require("../apply/connect") as typeof import("../apply/connect");
    // A server that does not answer must not hold the command line up.
    const deadline = new Promise((resolve) => setTimeout(resolve, 2000));
    void Promise.race([closeConnections(), deadline]).finally(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  const engine = process.argv.slice(2).find((argument) => /:\d+$/.test(argument));
  if (engine === undefined) return;
  watchEngine(engine, () => {
    // Nobody reads what is printed.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
    askToEnd("the engine that ran this has ended: the next `pulumi up` goes on from here");
    void idle().then(end);
  });
}
