import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { PassThrough } from "node:stream";
import { NatsError } from "../../../errors";
import { waitFor } from "../../wait";
import type { HostSide } from "./hostSide";
import { quoted } from "../../ssh/shellQuote";
import { prelude, runAsRoot } from "./hostShell";

/** Longer than any rollout. */
const longest = 24 * 60 * 60_000;
const patience = 20_000;

/**
 * Keeps every other rollout off a cluster's folder on a host for as long as the ssh connection stands: when this process is
 * killed the connection ends, and with it the lock.
 */
export async function lockHost(host: HostSide, dir: string): Promise<() => Promise<void>> {
  const who = `${userInfo().username}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  const holder = `${randomUUID()} ${who}`;
  const stdin = new PassThrough();
  let refusal: string | undefined;
  const held = host.shell
    .run(prelude + lockScript(dir, holder), { stdin, sudo: true, timeout: longest, title: "the lock" })
    .then(({ code, stdout, stderr }) => {
      if (code !== 0) refusal = stdout.trim() || stderr.trim() || `ended with ${code}`;
    })
    .catch((error: Error) => {
      refusal = error.message;
    });
  const release = async (): Promise<void> => {
    stdin.end();
    await held;
  };
  await waitFor(`the lock of ${dir} on ${host.label}`, { timeout: patience, interval: 10 }, async () => {
    if (refusal !== undefined) throw refusalOf(host, dir, refusal);
    const seen = await runAsRoot(host.shell, "a look at the lock", `cat ${holderFile(dir)} 2>/dev/null; exit 0\n`);
    return seen.trim() === holder ? { value: undefined } : { pending: seen.trim() || "no holder" };
  }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  return release;
}

function refusalOf(host: HostSide, dir: string, said: string): NatsError {
  const [, other] = /^busy (?:\S+ )?(.*)$/.exec(said) ?? [];
  if (other === undefined) return new NatsError(`${host.label}: ${dir} can't be locked: ${said}`);
  return new NatsError(
    `${dir} on ${host.label} is being changed by ${other}. ` +
      "Fix: wait until that `pulumi up` ends (or end it), then run this one again",
  );
}

function lockScript(dir: string, holder: string): string {
  return `mkdir -p /run/pulumi-nats && chmod 0700 /run/pulumi-nats || exit 1
exec 9>>${lockFile(dir)} || exit 1
if flock -n 9; then
  printf '%s\\n' ${quoted(holder)} > ${holderFile(dir)}
  cat >/dev/null
else
  echo "busy $(cat ${holderFile(dir)} 2>/dev/null)"
  exit 75
fi
`;
}

function lockFile(dir: string): string {
  return quoted(`/run/pulumi-nats/${dir.replace(/^\//, "").replaceAll("/", "-")}.lock`);
}

function holderFile(dir: string): string {
  return quoted(`/run/pulumi-nats/${dir.replace(/^\//, "").replaceAll("/", "-")}.holder`);
}
