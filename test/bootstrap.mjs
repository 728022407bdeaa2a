/**
 * What a fresh clone needs before anything of it runs, with nothing but Node and npm (and Go where downloads can't be reached):
 * dependencies, the compiled package linked to itself, and the tools. Each step is skipped when it is done already.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Makes the checkout ready and gives the environment in which `pulumi` works. */
export async function bootstrap({ tools = [] } = {}) {
  if (Number(process.versions.node.split(".")[0]) < 20) fail(`Node 20 or newer is needed, this is ${process.version}`);
  if (!dependenciesAreInstalled()) {
    // Without scripts: our own compiles, as the step below does, and what dependencies would build they can do without.
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    step("installing dependencies", npm, ["ci", ...options]);
  }
  const require = createRequire(path.join(root, "package.json"));
  require("./test/bed/linkSelf.js");
  step("compiling", process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
  const { findTool } = require("./dist/provider/tools/findTool.js");
  const { pulumiEnvironment } = require("./dist/provider/tools/pulumiTools.js");
  try {
    const environment = await pulumiEnvironment();
    for (const [name, version] of tools) await findTool(name, version);
    return environment;
  } catch (error) {
    fail(error.name === "NatsError" ? error.message : error.stack);
  }
}

/** Whether node_modules is what package-lock.json says, as far as it is meant for this machine. */
function dependenciesAreInstalled() {
  const [wanted, installed] = ["package-lock.json", "node_modules/.package-lock.json"].map(packagesIn);
  return Object.entries(wanted).every(([folder, { version, optional, peer, link }]) => {
    if (folder === "" || link) return true;
    const there = installed[folder]?.version;
    return there === version || (there === undefined && (optional || peer));
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;
  } catch {
    return {};
  }
}

function step(title, command, args) {
  const started = Date.now();
  process.stderr.write(`pulumi-nats: ${title} …\n`);
  // Standard output belongs to the command that this makes ready for.
  const options = { cwd: root, stdio: ["ignore", 2, 2], shell: command.endsWith(".cmd") };
  const { status, error } = spawnSync(command, args, options);
  if (error || status !== 0) fail(`${path.basename(command)} ${args.join(" ")} ended with ${error?.message ?? status}`);
  process.stderr.write(`pulumi-nats: ${title}: done after ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function fail(message) {
  process.stderr.write(`pulumi-nats: ${message}\n`);
  process.exit(1);
}
