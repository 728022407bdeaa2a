/**
 * What a fresh clone needs before anything of it runs, with nothing but Node and npm (and Go where downloads can't be reached):
 * dependencies, the compiled package linked to itself, and the tools. Each step is skipped when it is done already.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Makes the checkout ready and gives the environment in which `pulumi` works. */
export async function bootstrap({ tools = [] } = {}) {
  installDependencies();
  step("compiling", () =>
    run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"]),
  );
  const require = createRequire(path.join(root, "package.json"));
  require("./test/bed/linkSelf.js");
  const { findTool } = require("./dist/provider/tools/findTool.js");
  const { pulumiEnvironment } = require("./dist/provider/tools/pulumiTools.js");
  const environment = await pulumiEnvironment();
  for (const [name, version] of tools) await findTool(name, version);
  return environment;
}

function installDependencies() {
  const lock = path.join(root, "package-lock.json");
  const stamp = path.join(root, "node_modules/.installed-from");
  const wanted = readFileSync(lock, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  step("installing dependencies", () => run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"]));
  writeFileSync(stamp, wanted);
}

function step(title, work) {
  const started = Date.now();
  process.stderr.write(`pulumi-nats: ${title} …\n`);
  work();
  process.stderr.write(`pulumi-nats: ${title}: done after ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: command.endsWith(".cmd"),
  });
  if (error || status !== 0) {
    process.stderr.write(`pulumi-nats: ${command} ${args.join(" ")} ended with ${error?.message ?? status}\n`);
    process.exit(1);
  }
}
