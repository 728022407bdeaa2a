import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { handler } from "../../../provider/host/entry";
import { providerText } from "../../../provider/host/providerText";

describe("The provider text", () => {
  it("is a contract with states that live for years: it never changes", () => {
    assert.equal(
      providerText("Stream"),
      'exports.handler=()=>require(require.resolve("pulumi-nats/host",{paths:[".",process.argv[1]]})).handler("Stream")',
    );
  });

  it("names a kind that there is where an import mistypes one", () => {
    assert.throws(
      () => handler("Streem"),
      /knows no resource of kind "Streem"\. Fix: write pulumi-nodejs:dynamic\/nats:Stream; or, where a newer one/,
    );
  });

  describe("finds the package", () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(path.join(tmpdir(), "pulumi-nats-text-"));
    });
    afterEach(() => rmSync(root, { recursive: true }));

    const write = (file: string, text: string): string => {
      const target = path.join(root, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      return target;
    };
    const install = (modules: string, answer: string): void => {
      write(`${modules}/pulumi-nats/package.json`, '{ "exports": { "./host": "./host.js" } }');
      write(`${modules}/pulumi-nats/host.js`, `exports.handler = (kind) => "${answer} " + kind;`);
    };
    /** As Pulumi's server evaluates it: a module without a file name, resolved from the working folder. */
    const evaluate = (sdk: string, cwd: string): string => {
      const server = write(
        `${sdk}/@pulumi/pulumi/cmd/dynamic-provider/index.js`,
        `const Module = require("node:module");
         const m = new Module(""); m.filename = ""; m.paths = Module._nodeModulePaths(".");
         m._compile(${JSON.stringify(providerText("Stream"))}, "");
         console.log(m.exports.handler());`,
      );
      mkdirSync(path.join(root, cwd), { recursive: true });
      return execFileSync(process.execPath, [server], { cwd: path.join(root, cwd), encoding: "utf8" }).trim();
    };

    it("beside the program, and above it", () => {
      install("project/node_modules", "own");
      assert.equal(evaluate("project/node_modules", "project/infra/prod"), "own Stream");
    });

    it("under pnpm, where the program depends on it through another package only", () => {
      install("workspace/node_modules/.pnpm/node_modules", "hoisted");
      const sdk = "workspace/node_modules/.pnpm/@pulumi+pulumi@3.250.0/node_modules";
      assert.equal(evaluate(sdk, "workspace/apps/infra"), "hoisted Stream");
    });

    it("that the program chose before any other", () => {
      install("workspace/node_modules/.pnpm/node_modules", "hoisted");
      install("workspace/apps/infra/node_modules", "own");
      const sdk = "workspace/node_modules/.pnpm/@pulumi+pulumi@3.250.0/node_modules";
      assert.equal(evaluate(sdk, "workspace/apps/infra"), "own Stream");
    });
  });
});
