import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { lockTool } from "../../../provider/tools/toolLock";
import { cacheFolder, here } from "./paths";
import { run } from "./run";

const kubernetes = "k8s.io/kubernetes";
const provider = "github.com/pulumi/pulumi-kubernetes/provider/v4";
/** The release that the pinned commit is. */
const providerVersion = "4.25.0";

/** The parts of the bed that are Go programs, in the order in which they are wanted. */
export type Part = "images" | "cluster" | "plugin";

/** Folder with the programs of a part: built once, in minutes, and kept in the user's cache. */
export async function built(part: Part): Promise<string> {
  return once(cacheFolder(part, `modules/${part}`, "build.ts"), (folder) => build(part, folder));
}

/** Lets `make` fill a folder, unless it is there; an interruption leaves nothing that looks complete. */
export async function once(target: string, make: (folder: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  mkdirSync(path.dirname(target), { recursive: true });
  const release = await lockTool(`${target}.lock`);
  try {
    if (existsSync(target)) return target;
    sweep(`${target}.making-`);
    const temporary = mkdtempSync(`${target}.making-`);
    try {
      await make(temporary);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return target;
  } finally {
    release();
  }
}

/** Removes what a process that was killed half way has left. */
function sweep(prefix: string): void {
  const [folder, start] = [path.dirname(prefix), path.basename(prefix)];
  for (const entry of readdirSync(folder).filter((name) => name.startsWith(start))) {
    rmSync(path.join(folder, entry), { recursive: true, force: true });
  }
}

async function build(part: Part, folder: string): Promise<void> {
  const started = Date.now();
  process.stderr.write(`pulumi-nats: building the Kubernetes bed's ${part} …\n`);
  // A copy, since files are written beside the sources.
  const module = path.join(folder, "source");
  cpSync(path.join(here, "modules", part), module, { recursive: true });
  const program = (name: string, from: string, ldflags = ""): Promise<string> => {
    const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", `-s -w ${ldflags}`];
    return go(["build", ...flags, "-o", path.join(folder, name), from], module);
  };
  if (part === "cluster") {
    await program("kube", "./kube", await kubernetesStamp(module));
    await program("coredns", "./coredns");
    await program("cloud", "./cloud");
  } else if (part === "images") {
    await program("pause", "./pause");
    await program("nui-web", "./nui");
    await program("nats-server-config-reloader", "github.com/nats-io/nack/cmd/nats-server-config-reloader");
    await program("jetstream-controller", "github.com/nats-io/nack/cmd/jetstream-controller");
    await program("prometheus-nats-exporter", "github.com/nats-io/prometheus-nats-exporter");
  } else {
    await writeSchemas(module);
    await program("pulumi-resource-kubernetes", ".", `-X ${provider}/pkg/version.Version=${providerVersion}`);
  }
  rmSync(module, { recursive: true });
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stderr.write(`pulumi-nats: building the Kubernetes bed's ${part}: done after ${seconds} s\n`);
}

/** Without it the components call themselves v0.0.0-master, and refuse each other. */
async function kubernetesStamp(module: string): Promise<string> {
  const version = (await go(["list", "-m", "-f", "{{.Version}}", kubernetes], module)).trim();
  const minor = version.split(".")[1];
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
    .flatMap((pack) => [`gitVersion=${version}`, "gitMajor=1", `gitMinor=${minor}`].map((set) => `-X ${pack}.${set}`))
    .join(" ");
}

/** The provider embeds two files that its release makes and that its module lacks. */
async function writeSchemas(module: string): Promise<void> {
  const answer = await go(["mod", "download", "-json", provider], module);
  const from = path.join((JSON.parse(answer) as { Dir: string }).Dir, "cmd", "pulumi-resource-kubernetes");
  const load = (name: string): object => JSON.parse(readFileSync(path.join(from, `${name}.json`), "utf8")) as object;
  const save = (name: string, value: object): void =>
    writeFileSync(path.join(module, `${name}-embed.json`), JSON.stringify(value));
  save("schema", { ...load("schema"), version: providerVersion });
  save("terraform-mapping", load("terraform-mapping"));
}

function go(args: readonly string[], cwd: string): Promise<string> {
  return run("go", args, { cwd, env: { CGO_ENABLED: "0", GOWORK: "off" } });
}
