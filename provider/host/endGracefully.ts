let installed = false;

/** When the engine ends this process (SIGINT, then SIGKILL after 5 s), connections are drained first. */
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
}
