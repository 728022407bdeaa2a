/** `npm run bench [-- --streams N --json …]`, `npm run bench:clusters`, `npm run bench:conf`: makes the checkout ready, then measures. */
import { spawn } from "node:child_process";
import path from "node:path";
import { bootstrap, root } from "../bootstrap.mjs";

const environment = await bootstrap({ tools: [["nats-server", "2.15.2"]] });
const [bench = "", ...options] = process.argv.slice(2);
const file = path.join(root, "test/bench", `${bench}.ts`);
const program = ["--require", "ts-node/register", file, ...options];
const child = spawn(process.execPath, program, {
  cwd: root,
  env: { ...process.env, ...environment },
  stdio: "inherit",
});
child.on("close", (code) => process.exit(code ?? 1));
