/**
 * `npm test [-- WHAT …]`: check (types, lint, format), then the groups of tests: two files at a time, and more while
 * they leave the processors idle.
 * WHAT is `check`, a group, or the start of a file's path below test/. Ends with the sums and one line `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";
import { Idleness } from "./idleness.mjs";

const versions = ["2.15.2", "2.14.9", "2.12.15", "2.11.17"].map((version) => ["nats-server", version]);
/** The quick ones first, for an early word. They keep the cores busy. */
const busy = ["unit", "components", "property", "e2e"];
/** Their servers wait for each other as often as they have work. */
const servers = ["contract"];
/** Their systems take their time to start. */
const beds = ["hosts", "kubernetes"];
const groups = [...busy, ...servers, ...beds];
/** Long ones of their group, which start first so that none is left alone at the end. */
const longest = [
  "e2e/accounts.test.ts",
  "e2e/discover.test.ts",
  "e2e/host.test.ts",
  "e2e/hostCli.test.ts",
  "e2e/package.test.ts",
  "e2e/superClusterRegions.test.ts",
  "contract/servers.test.ts",
  "contract/streamWaits.test.ts",
  "contract/streamTransitions.test.ts",
  "contract/rolloutKill.test.ts",
  "contract/rolloutOrders.test.ts",
  "contract/consumerReplaced.test.ts",
  "hosts/hostsFaults.test.ts",
  "kubernetes/scale.test.ts",
  "kubernetes/cluster.test.ts",
  "kubernetes/upgrade.test.ts",
];
/** A file that hangs is ended then, and has failed. */
const longestFile = 20 * 60_000;
const tests = path.join(root, "test");

const wanted = process.argv.slice(2);
const queue = {
  busy: [...(isWanted("check") ? checks() : []), ...busy.flatMap(groupRuns)],
  servers: servers.flatMap(groupRuns),
  beds: beds.flatMap(groupRuns),
};
/**
 * By worker, what it takes first: some of each kind side by side, to the end, so that where some wait others have work.
 * Those after the second start a file only while the processors have time for it.
 */
const workers = [
  [queue.busy, queue.servers, queue.beds],
  [queue.beds, queue.servers, queue.busy],
  [queue.servers, queue.beds, queue.busy],
  [queue.busy, queue.servers, queue.beds],
  [queue.beds, queue.servers, queue.busy],
  [queue.servers, queue.busy, queue.beds],
];
if (toGo() === 0) {
  console.error(
    `npm test: nothing is called ${wanted.join(", ")}; there are check, ${groups.join(", ")}, and files in them`,
  );
  process.exit(1);
}

const environment = await bootstrap({ tools: [...versions, ["nats", "0.4.0"]] });
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const running = new Map();
endTogether();
/** The cluster's programs are built beside the first tests, where they are not there yet; it runs from the first test that needs it. */
let isBuilt = false;
const built = queue.beds.some(needsCluster) ? clusterChild("--build").then(() => (isBuilt = true)) : undefined;
let cluster;
let endCluster;
const reminder = setInterval(remind, 60_000);
const idleness = new Idleness();
await Promise.all(workers.map(work));
clearInterval(reminder);
summarize();

async function work(queues, index) {
  const room = () => (index < 2 ? undefined : idleness.enough(() => toGo() === 0));
  for (let next = (await room(), take(queues)); next; next = (await room(), take(queues))) {
    if (needsCluster(next)) await (cluster ??= built.then(() => clusterChild()));
    const started = Date.now();
    const { code, output } = await capture(next);
    // Whoever runs and does nothing takes time from the others all the same.
    if (needsCluster(next) && !isClusterNeeded()) endCluster?.();
    const { passed, failed, skipped } = next.count(code, output);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    if (failed > 0) failures.push({ title: `${next.title}: ${failed}`, why: whatFailed(output) });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`\n== ${next.title}: ${passed} passed, ${failed} failed, ${seconds} s\n${output.trimEnd()}`);
  }
}

/** While the cluster is being built, whatever can do without it goes before. */
function take(queues) {
  const ready = queues.find(([next]) => next && (isBuilt || !needsCluster(next)));
  return (ready ?? queues.find(({ length }) => length > 0))?.shift();
}

function toGo() {
  return Object.values(queue).reduce((sum, { length }) => sum + length, 0);
}

function summarize() {
  const { passed, failed, skipped } = total;
  // Said again: of a long output often only the end is at hand.
  for (const { title, why } of failures) console.log(`\n== again, ${title}\n${why}`);
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map(({ title }) => `  ${title}`).join("\n")}`);
  console.log(`\n  ${passed} passing\n  ${failed} failing\n${skipped > 0 ? `  ${skipped} pending\n` : ""}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

function isWanted(name) {
  return wanted.length === 0 || wanted.some((what) => name === what || name.startsWith(what));
}

function checks() {
  const commands = {
    "types and lint": path.join(root, "node_modules/oxlint/bin/oxlint"),
    format: path.join(tests, "format.mjs"),
  };
  const count = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  return Object.entries(commands).map(([title, command]) => ({ title, command: [command], count }));
}

function groupRuns(group) {
  const place = (file) => (longest.includes(`${group}/${file}`) ? 0 : 1);
  const files = testFiles(group)
    .filter((file) => isWanted(group) || isWanted(`${group}/${file}`))
    .sort((one, other) => place(one) - place(other));
  const paths = files.map((file) => path.join(tests, group, file));
  if (paths.length === 0) return [];
  // Unit tests are so short that one process for all of them is quicker.
  return group === "unit"
    ? [mochaRun(group, group, paths)]
    : paths.map((file, i) => mochaRun(group, `${group}/${files[i]}`, [file]));
}

function testFiles(group) {
  const folder = path.join(tests, group);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).map((file) => file.split(path.sep).join("/"));
  return files.filter((file) => file.endsWith(".test.ts")).sort();
}

function mochaRun(group, title, files) {
  const mocha = path.join(root, "node_modules/mocha/bin/mocha.js");
  const timeout = group === "unit" ? "20000" : "180000";
  const options = [
    "--no-config",
    "--require",
    path.join(tests, "bed/lazyModules.js"),
    "--require",
    "ts-node/register",
    "--no-color",
    "--forbid-only",
    "--exit",
    "--timeout",
    timeout,
  ];
  return { title, command: [mocha, ...options, ...files], count: countMocha };
}

/** Mocha's own list of what failed and why, which follows its counts; of anything else the end. */
function whatFailed(output) {
  const list = output.search(/^ {2}\d+ failing/m);
  return (list < 0 ? output.slice(-4_000) : output.slice(list)).trimEnd().slice(0, 8_000);
}

function countMocha(code, output) {
  const number = (word) => Number([...output.matchAll(new RegExp(`^  (\\d+) ${word}`, "gm"))].at(-1)?.[1] ?? 0);
  const [passed, failing, pending] = [number("passing"), number("failing"), number("pending")];
  // A file that ends badly without saying so, or that runs no test, has failed.
  const silent = (code !== 0 && failing === 0) || passed + failing + pending === 0 ? 1 : 0;
  // Where every tool can be had, a test that is skipped for want of one hides something.
  const inCi = Boolean(process.env.CI);
  return { passed, failed: failing + silent + (inCi ? pending : 0), skipped: inCi ? 0 : pending };
}

function capture({ title, command }) {
  return new Promise((resolve) => {
    // In a group of its own, so that what a test starts ends with it where it hangs.
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    let output = "";
    running.set(child, { title, started: Date.now() });
    const timer = setTimeout(() => {
      output += `\n  ended after ${longestFile / 60_000} minutes without coming to its end\n`;
      end(child);
    }, longestFile);
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("exit", (code) => {
      clearTimeout(timer);
      running.delete(child);
      // What a test has left running may hold the pipes open: its output is not waited for.
      const drained = setTimeout(() => resolve({ code: code ?? 1, output }), 2_000);
      child.on("close", () => {
        clearTimeout(drained);
        resolve({ code: code ?? 1, output });
      });
    });
  });
}

function needsCluster({ title }) {
  return title.startsWith("kubernetes/");
}

function isClusterNeeded() {
  return queue.beds.some(needsCluster) || [...running.values()].some(needsCluster);
}

/** Done when it has ended or says that the cluster is there. What goes wrong is said again by the tests that need it. */
function clusterChild(...options) {
  if (process.platform !== "linux" || process.getuid() !== 0) return Promise.resolve();
  const command = ["--require", "ts-node/register", path.join(tests, "bed/kubernetes/hold.ts"), ...options];
  // It ends with its standard input, so also with this process.
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  if (options.length === 0) endCluster = () => child.stdin.end();
  return new Promise((resolve) => {
    child.stdout.on("data", resolve);
    child.on("exit", resolve);
  });
}

function remind() {
  const lines = [...running.values()].map(
    ({ title, started }) => `${title} (${Math.round((Date.now() - started) / 1000)} s)`,
  );
  process.stderr.write(`pulumi-nats: running ${lines.join(", ")}; ${toGo()} to go\n`);
}

/** Ends a test's process with everything in its group. */
function end(child) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Groups of their own don't hear of a Ctrl-C. */
function endTogether() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      for (const child of running.keys()) end(child);
      process.exit(130);
    });
  }
}
