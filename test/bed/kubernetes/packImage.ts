import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./run";

export interface Image {
  /** With registry and tag. */
  readonly name: string;
  /** Programs by their path in the image, without the first slash. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** With busybox's shell and commands, as an image made on Alpine has them. */
  readonly shell?: boolean;
}

const users = "root:x:0:0:root:/:/bin/sh\nnats:x:1000:1000:nats:/:/bin/sh\n";

/** Writes an archive of one layer that containerd imports. */
export async function packImage(image: Image, folder: string): Promise<void> {
  const temporary = mkdtempSync(path.join(tmpdir(), "pulumi-nats-image-"));
  try {
    const root = path.join(temporary, "root");
    for (const inside of ["tmp", "etc", "bin"]) mkdirSync(path.join(root, inside), { recursive: true });
    writeFileSync(path.join(root, "etc/passwd"), users);
    for (const [target, file] of Object.entries(image.files)) {
      mkdirSync(path.dirname(path.join(root, target)), { recursive: true });
      copyFileSync(file, path.join(root, target));
    }
    if (image.shell) await addShell(path.join(root, "bin"));
    const steady = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX"];
    const layer = path.join(temporary, "layer.tar");
    await run("tar", [...steady, "-C", root, "-cf", layer, "."]);
    const digest = createHash("sha256").update(readFileSync(layer)).digest("hex");
    writeFileSync(path.join(temporary, "config.json"), JSON.stringify(configOf(image, digest)));
    const manifest = [{ Config: "config.json", RepoTags: [image.name], Layers: ["layer.tar"] }];
    writeFileSync(path.join(temporary, "manifest.json"), JSON.stringify(manifest));
    const archive = path.join(folder, `${path.basename(image.name).replace(":", "-")}.tar`);
    await run("tar", ["-C", temporary, "-cf", archive, "manifest.json", "config.json", "layer.tar"]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function configOf({ entrypoint }: Image, digest: string): object {
  return {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: entrypoint, Env: ["PATH=/usr/local/bin:/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  };
}

async function addShell(bin: string): Promise<void> {
  copyFileSync("/bin/busybox", path.join(bin, "busybox"));
  const commands = (await run("/bin/busybox", ["--list"])).split("\n");
  for (const command of commands.filter((name) => /^\w+$/.test(name) && name !== "busybox")) {
    symlinkSync("busybox", path.join(bin, command));
  }
}
