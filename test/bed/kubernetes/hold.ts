/**
 * Builds the Kubernetes bed and holds its cluster until standard input ends, so that tests in other processes find it running:
 * `node --require ts-node/register test/bed/kubernetes/hold.ts`. Says "ready" when it is. With `--build` it only builds.
 */
import { setPriority } from "node:os";
import { joinCluster, prepareCluster } from "./cluster";

async function main(): Promise<void> {
  const ended = new Promise((resolve) => process.stdin.once("end", resolve).once("close", resolve).resume());
  // Tests that need no cluster go first.
  setPriority(10);
  let building = true;
  void ended.then(() => building && process.exit(1));
  const { bin, images } = await prepareCluster();
  building = false;
  if (process.argv.includes("--build")) return;
  setPriority(0);
  const leave = await joinCluster(bin, images);
  process.stdout.write("ready\n");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void finish());
  await ended;
  await finish();

  async function finish(): Promise<void> {
    await leave();
    process.exit(0);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
