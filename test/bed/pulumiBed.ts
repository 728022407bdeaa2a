import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findTool } from "../../provider/tools/findTool";
import { secretsEnv, secretsSettings } from "./stackSecrets";

export const repository = path.resolve(__dirname, "../..");
export const pulumiVersion = "3.250.0";

/** The SDK's provider process, of the SDK that is installed where it starts. */
const launcher = `#!/bin/sh
at=$PWD
until [ -e "$at/node_modules/@pulumi/pulumi" ] || [ "$at" = / ]; do at=$(dirname "$at"); done
exec node "$at/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js" "$@"
`;

/** For NODE_OPTIONS. */
export const lazily = `--require "${path.join(__dirname, "lazyModules.js")}"`;

/** What makes tests start quicker than a user's programs do. */
async function quickEnv(): Promise<Record<string, string>> {
  return {
    // The types of programs are checked with all the others.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    NODE_OPTIONS: lazily,
    // Programs that live for a second need not collect their garbage.
    GOGC: "400",
    ...(await secretsEnv()),
  };
}

/** A home, a backend and a PATH of its own for the real pulumi; nothing of the user's is read or written. */
export class PulumiBed {
  /** `bin/` with the tools, `home/`, `state/`. */
  readonly root: string;
  readonly env: Record<string, string>;

  private constructor(root: string, env: Record<string, string>) {
    this.root = root;
    this.env = env;
  }

  /** `stock`: without what makes tests start quicker than a user's programs do. */
  static async make({ stock = false } = {}): Promise<PulumiBed> {
    require("./linkSelf.js");
    const root = mkdtempSync(path.join(tmpdir(), "pulumi-nats-bed-"));
    const bin = path.join(root, "bin");
    for (const folder of ["bin", "home", "state", "config"]) mkdirSync(path.join(root, folder));
    symlinkSync(await findTool("pulumi", pulumiVersion), path.join(bin, "pulumi"));
    symlinkSync(await findTool("pulumi-language-nodejs", "3.68.0"), path.join(bin, "pulumi-language-nodejs"));
    const script = path.join(bin, "pulumi-resource-pulumi-nodejs");
    writeFileSync(script, launcher);
    chmodSync(script, 0o755);
    // Where it can make no folder, it leaves out the log that it writes of every operation.
    if (!stock) writeFileSync(path.join(root, "home", "logs"), "");
    return new PulumiBed(root, {
      PATH: `${bin}${path.delimiter}${process.env["PATH"]}`,
      PULUMI_HOME: path.join(root, "home"),
      // Pulumi writes a state at once, but what it notes beside it not: killed in between, it would not read the state any more.
      PULUMI_BACKEND_URL: `file://${path.join(root, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(stock ? {} : await quickEnv()),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Contexts of the nats CLI come from here, so none is selected.
      XDG_CONFIG_HOME: path.join(root, "config"),
    });
  }

  /** A stack "test" of the project in `dir`, as `pulumi stack init` makes it, and selected. */
  makeStack(dir: string, project: string): void {
    const state = path.join(this.root, "state", ".pulumi");
    mkdirSync(path.join(state, "stacks", project), { recursive: true });
    writeFileSync(path.join(state, "meta.yaml"), "version: 1\n");
    const nothing = { version: 3, checkpoint: { stack: `organization/${project}/test` } };
    writeFileSync(path.join(state, "stacks", project, "test.json"), JSON.stringify(nothing));
    writeFileSync(path.join(dir, "Pulumi.test.yaml"), secretsSettings);
    this.env["PULUMI_STACK"] = "test";
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
