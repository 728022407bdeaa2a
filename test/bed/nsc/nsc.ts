import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Context } from "mocha";
import { toolCache } from "../../../provider/tools/toolCache";
import { once } from "../kubernetes/build";
import { skipWithout } from "../requireTool";

const version = "2.8.6";

/** nsc with a home of its own. */
export class Nsc {
  readonly home = mkdtempSync(path.join(tmpdir(), "pulumi-nats-nsc-"));
  readonly #binary: string;

  private constructor(binary: string) {
    this.#binary = binary;
  }

  /** Built once and kept in the user's cache. */
  static async make(test: Context): Promise<Nsc> {
    const folder = await once(path.join(toolCache(), `nsc-${version}`), async (target) => {
      const args = [
        "build",
        "-mod=readonly",
        "-trimpath",
        "-buildvcs=false",
        "-o",
        path.join(target, "nsc"),
        "github.com/nats-io/nsc/v2",
      ];
      const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
      const { status, stderr, error } = spawnSync("go", args, { cwd: __dirname, env, encoding: "utf8" });
      if (status !== 0) throw error ?? new Error(`nsc ${version} is not built: ${stderr}`);
    }).catch((error: unknown) => skipWithout(test, `nsc ${version}`, error));
    return new Nsc(path.join(folder, "nsc"));
  }

  /** Runs it; what it says on both outputs. */
  run(...args: string[]): string {
    const env = {
      ...process.env,
      HOME: this.home,
      XDG_CONFIG_HOME: this.home,
      XDG_DATA_HOME: this.home,
      NSC_NO_GIT_IGNORE: "true",
    };
    const { status, stdout, stderr } = spawnSync(this.#binary, [...args, "--all-dirs", this.home], {
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`nsc ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  /** The claims of a JWT as nsc reads them: it fails where the signature is not the issuer's. */
  read(jwt: string): Claims {
    const file = path.join(this.home, "read.jwt");
    writeFileSync(file, jwt);
    const text = this.run("describe", "jwt", "--file", file, "--json");
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as Claims;
  }

  /** A JWT of its store. */
  stored(...parts: string[]): string {
    return readFileSync(path.join(this.home, ...parts), "utf8").trim();
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly name: string;
  readonly iat: number;
  readonly exp?: number;
  readonly nats: Readonly<Record<string, unknown>>;
}
