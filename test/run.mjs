/**
 * `npm test [-- GROUP …]`: check (types, lint, format), then the groups of tests, two files at a time.
 * Ends with the sums and one line `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

const servers = ["2.15.2", "2.14.9", "2.12.15", "2.11.17"].map((version) => ["nats-server", version]);
/** Longest first, so that the two workers end together. */
const groups = ["e2e", "contract", "property", "components", "unit"];
const workers = 2;

const environment = await bootstrap({ tools: [...servers, ["nats", "0.4.0"]] });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((group) => group !== "check" && !groups.includes(group));
if (unknown.length > 0) {
  console.error(`npm test: no group ${unknown.join(", ")}; there are check, ${groups.join(", ")}`);
  process.exit(1);
}
const runs = (group) => wanted.length === 0 || wanted.includes(group);

const total = { passed: 0, failed: 0 };
const queue = [
  ...(runs("check") ? checks() : []),
  ...groups.filter(runs).flatMap((group) => testFiles(group).map((file) => mochaRun(group, file))),
];
await Promise.all(Array.from({ length: workers }, work));
console.log(`\n  ${total.passed} passing\n  ${total.failed} failing\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function work() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const started = Date.now();
    const { code, output } = await capture(next.command);
    const { passed, failed } = next.count(code, output);
    total.passed += passed;
    total.failed += failed;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`\n== ${next.title}: ${passed} passed, ${failed} failed, ${seconds} s\n${output.trimEnd()}`);
  }
}

function checks() {
  const bin = (file) => path.join(root, "node_modules", file);
  const commands = {
    types: [bin("typescript/bin/tsc"), "-p", "tsconfig.json"],
    lint: [bin("eslint/bin/eslint.js"), "."],
    format: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  };
  const count = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  return Object.entries(commands).map(([title, command]) => ({ title, command, count }));
}

function testFiles(group) {
  const folder = path.join(root, "test", group);
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".test.ts"));
  // Unit tests are so short that one process for all of them is quicker.
  return group === "unit"
    ? [files.map((file) => path.join(folder, file))]
    : files.map((file) => [path.join(folder, file)]);
}

function mochaRun(group, files) {
  const mocha = path.join(root, "node_modules/mocha/bin/mocha.js");
  const options = [
    "--no-config",
    "--require",
    "ts-node/register",
    "--forbid-only",
    "--timeout",
    group === "unit" ? "5000" : "180000",
  ];
  return {
    title: files.length === 1 ? path.relative(path.join(root, "test"), files[0]) : group,
    command: [mocha, ...options, ...files],
    count: (code, output) => {
      const number = (word) => Number(new RegExp(`^  (\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
      const [passed, failed] = [number("passing"), number("failing")];
      // A file that ends badly without saying so, or that runs no test, has failed.
      const silent = (code !== 0 && failed === 0) || passed + failed === 0;
      return { passed, failed: failed + (silent ? 1 : 0) };
    },
  };
}

function capture(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
