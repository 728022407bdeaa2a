import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { NatsError, problemText } from "../../../errors";
import { binaryPath } from "../../../model/hosts";
import type { BinaryInputs } from "../../../model/hosts";
import { fetchVerified } from "../../../tools/download";
import { findServerFor } from "../../../tools/findServer";
import type { HostSide } from "./hostSide";
import { installedProblem } from "./installedProblem";
import { quoted } from "../../ssh/shellQuote";

const transferTime = 10 * 60_000;

/** Puts nats-server of a version on a host where it is not there yet, never over one that runs; returns its path there. */
export async function provideBinary(
  host: HostSide,
  version: string,
  binary: BinaryInputs | undefined,
): Promise<string> {
  const path = binaryPath(version, binary);
  if (binary?.kind === "installed") await linkInstalled(host, version, path);
  else if (binary?.kind === "url") await provideUrl(host, path, binary);
  else if (binary?.kind === "file") await provideFile(host, path, binary);
  else if (!(await isWhole(host, path))) {
    const { architecture } = await host.look();
    await upload(host, path, await findServerFor(version, architecture));
  }
  await mustBe(host, path, version);
  return path;
}

/** It is what was once installed there under its checksum. */
async function isWhole(host: HostSide, path: string): Promise<boolean> {
  const script = `cd "$(dirname ${quoted(path)})" 2>/dev/null && sha256sum -c --status ${quoted(path)}.sha256 2>/dev/null && echo whole; exit 0\n`;
  return (await host.change(`a look at ${path}`, script)) === "whole";
}

async function checksumOn(host: HostSide, path: string): Promise<string> {
  return host.change(`a look at ${path}`, `[ ! -x ${quoted(path)} ] || sha256sum < ${quoted(path)} | cut -c1-64\n`);
}

async function linkInstalled(host: HostSide, version: string, path: string): Promise<void> {
  const script = `found=$(command -v nats-server) || { echo none; exit 0; }
echo "$found $("$found" --version 2>&1)"
`;
  const [found = "", says = ""] = splitOnce(await host.change("a look for nats-server", script));
  const problem = installedProblem(host.label, found === "none" ? undefined : { path: found, says }, version);
  if (problem) throw new NatsError(problemText({ path: "", ...problem }));
  await host.change(
    `the link to ${found}`,
    `mkdir -p "$(dirname ${quoted(path)})" && ln -sfn ${quoted(found)} ${quoted(path)}\n`,
  );
}

function splitOnce(text: string): string[] {
  const space = text.indexOf(" ");
  return space < 0 ? [text] : [text.slice(0, space), text.slice(space + 1)];
}

/** The host fetches it itself where it can; else this machine does. */
async function provideUrl(
  host: HostSide,
  path: string,
  { url, sha256 }: { url: string; sha256: string },
): Promise<void> {
  if ((await checksumOn(host, path)) === sha256) return;
  const script = `mkdir -p "$(dirname ${quoted(path)})"; new=${quoted(path)}.new
trap 'rm -f "$new"' EXIT
if command -v curl >/dev/null 2>&1; then curl -fsSL --connect-timeout 5 --max-time 300 -o "$new" ${quoted(url)} || exit 0
elif command -v wget >/dev/null 2>&1; then wget -q -T 30 -O "$new" ${quoted(url)} || exit 0
else exit 0; fi
${install(path, sha256)}`;
  const said = await host.change(`fetching ${url}`, script, { timeout: transferTime });
  if (said === "installed") return;
  const differs = /^sha256 (\w+)$/.exec(said)?.[1];
  if (differs) throw new NatsError(`${url} has sha256 ${differs}, not ${sha256} as \`binary\` says: it is not used`);
  await upload(host, path, await fetchVerified(url, sha256));
}

async function provideFile(
  host: HostSide,
  path: string,
  { file, sha256 }: { file: string; sha256: string },
): Promise<void> {
  if ((await checksumOn(host, path)) === sha256) return;
  const content = await packed(file);
  if (content.sha256 !== sha256) {
    throw new NatsError(`${file} has changed since this program began: it is not used. Fix: run \`pulumi up\` again`);
  }
  await upload(host, path, file);
}

async function upload(host: HostSide, path: string, file: string): Promise<void> {
  const { gzipped, sha256 } = await packed(file);
  const script = `mkdir -p "$(dirname ${quoted(path)})"; new=${quoted(path)}.new
trap 'rm -f "$new"' EXIT
gzip -dc > "$new" || exit 1
${install(path, sha256)}`;
  const said = await host.change(`the transfer of nats-server to ${path}`, script, {
    stdin: gzipped,
    timeout: transferTime,
  });
  if (said !== "installed") throw new NatsError(`${host.label}: nats-server arrived damaged in ${path}`);
}

/** Needs `new`. What runs keeps its own file. */
function install(path: string, sha256: string): string {
  const target = quoted(path);
  return `sum=$(sha256sum < "$new" | cut -c1-64)
[ "$sum" = ${sha256} ] || { echo "sha256 $sum"; exit 0; }
chmod 0755 "$new"; chown root:root "$new"; sync "$new" && mv -T "$new" ${target} || exit 1
echo "$sum  ${path}" > ${target}.sha256; sync ${target}.sha256 "$(dirname ${target})"
! command -v restorecon >/dev/null 2>&1 || restorecon ${target}
echo installed
`;
}

async function mustBe(host: HostSide, path: string, version: string): Promise<void> {
  const said = await host.change(`${path} --version`, `${quoted(path)} --version 2>&1; exit 0\n`);
  if (said.includes(`v${version}`)) return;
  // Under this name it would stand in the way of the right one.
  await host.change(`removing ${path}`, `rm -f ${quoted(path)} ${quoted(path)}.sha256\n`);
  throw new NatsError(`${host.label}: ${path} says "${said}", not that it is nats-server ${version}`);
}

const packs = new Map<string, Promise<{ readonly gzipped: Buffer; readonly sha256: string }>>();

/** Once for all hosts. */
function packed(file: string): Promise<{ readonly gzipped: Buffer; readonly sha256: string }> {
  const kept = packs.get(file) ?? pack(file);
  packs.set(file, kept);
  kept.catch(() => packs.delete(file));
  return kept;
}

async function pack(file: string): Promise<{ readonly gzipped: Buffer; readonly sha256: string }> {
  const content = await readFile(file).catch((error: Error) => {
    throw new NatsError(`binary ${file} can't be read: ${error.message}`);
  });
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { gzipped: await promisify(gzip)(content, { level: constants.Z_BEST_SPEED }), sha256 };
}
