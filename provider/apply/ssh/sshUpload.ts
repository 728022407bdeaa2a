import { createHash } from "node:crypto";
import path from "node:path";
import type { Readable } from "node:stream";
import { Transform, pipeline } from "node:stream";
import { shellQuote } from "./shellQuote";
import { SshError } from "./sshError";
import type { SshHost } from "./sshHost";

export interface UploadOptions {
  /** As a number, such as 0o640; default 0o600. */
  readonly mode?: number;
  /** "user" or "user:group"; default: who writes it. */
  readonly owner?: string;
  /** As root. Default false. */
  readonly sudo?: boolean;
  /** Milliseconds. Default: 2 min and what 32 KiB a second take; an hour for a stream. */
  readonly timeout?: number;
}

type Runner = Pick<SshHost, "label" | "run">;

const hour = 3_600_000;

export async function uploadTo(
  host: Runner,
  file: string,
  content: string | Buffer | Readable,
  options: UploadOptions,
): Promise<void> {
  const whole = typeof content === "string" || Buffer.isBuffer(content);
  const hash = createHash("sha256");
  const stdin = whole ? Buffer.from(content) : hashed(content, hash);
  if (whole) hash.update(stdin as Buffer);
  const { sudo, timeout = whole ? 120_000 + Math.ceil((stdin as Buffer).length / 32) : hour } = options;
  const title = `the upload of ${file}`;
  const staged = await host.run(stage(file), { stdin, timeout, title, ...(sudo ? { sudo } : {}) });
  const [temporary, sum] = staged.stdout.split("\n");
  if (staged.code !== 0 || !temporary || !sum) throw failure(host, file, staged.stderr);
  const arrived = sum.split(" ")[0]!;
  const sent = hash.digest("hex");
  const placed = await host.run(place(file, temporary, options, arrived === sent), {
    timeout,
    title,
    ...(sudo ? { sudo } : {}),
  });
  if (arrived !== sent) {
    throw new SshError(
      "file",
      host.label,
      `${file} did not arrive as it was sent (SHA-256 ${arrived}, not ${sent}); it is as it was`,
      "run this again",
    );
  }
  if (placed.code !== 0) throw failure(host, file, placed.stderr);
}

/** Under a name that nothing reads, in the same folder, so that the rename is one step. */
function stage(file: string): string {
  const beside = path.posix.join(path.posix.dirname(file), `.${path.posix.basename(file)}.upload-`);
  const old = `find ${shellQuote(path.posix.dirname(file))} -maxdepth 1 -name ${shellQuote(`${path.posix.basename(beside)}*`)} -mmin +60`;
  return `set -eu; umask 077
${old} -exec rm -f {} + 2>/dev/null || :
t=$(mktemp ${shellQuote(`${beside}XXXXXXXX`)})
trap 'rm -f "$t"' HUP INT TERM
cat > "$t" || { rm -f "$t"; exit 1; }
printf '%s\\n' "$t"; sha256sum < "$t"`;
}

function place(file: string, temporary: string, { mode = 0o600, owner }: UploadOptions, intact: boolean): string {
  const t = shellQuote(temporary);
  if (!intact) return `rm -f ${t}`;
  const steps = [
    ...(owner === undefined ? [] : [`chown ${shellQuote(owner)} ${t}`]),
    `chmod ${mode.toString(8)} ${t}`,
    `sync ${t}`,
    `mv -fT ${t} ${shellQuote(file)}`,
    `sync ${shellQuote(path.posix.dirname(file))}`,
  ];
  return `{ ${steps.join(" && ")}; } || { rm -f ${t}; exit 1; }`;
}

function hashed(content: Readable, hash: ReturnType<typeof createHash>): Readable {
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // Whichever of the two ends early takes the other with it; the command hears of it from this one.
  return pipeline(content, through, () => undefined);
}

function failure(host: Runner, file: string, said: string): SshError {
  const words = said.trim() || "the host said nothing";
  const folder = path.posix.dirname(file);
  const fix = /No such file/i.test(words)
    ? `mkdir -p ${folder}`
    : /Permission denied|Read-only/i.test(words)
      ? "write it as root (sudo), or to a folder of the user's"
      : /No space/i.test(words)
        ? `make room: df -h ${folder}`
        : /invalid (user|group)/i.test(words)
          ? "make that user first"
          : "see the host's words";
  return new SshError("file", host.label, `${file} could not be written and is as it was: ${words}`, fix);
}
