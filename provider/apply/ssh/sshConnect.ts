import type { Duplex } from "node:stream";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import type { SshSettings } from "../../model/ssh";
import { defaultConnectTimeout, hostKeyPin } from "../../model/ssh";
import { milliseconds } from "../../model/units";
import { hostKeyFailure } from "./hostKeyFailure";
import { HostKeys } from "./hostKeys";
import type { HostKeyVerdict } from "./hostKeys";
import { keyType } from "./knownHosts";
import { sshAuth } from "./sshAuth";
import { SshError } from "./sshError";
import { SshLogin } from "./sshLogin";
import { sshSocket } from "./sshSocket";
import { sshLabel, sshPort } from "./sshUser";
import { seconds, within } from "../within";

/** SHA-1 signatures (ssh-rsa) come last, for hosts that know nothing else. */
const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
];

/** Opens a stream to the host's sshd. */
export type SshDial = (timeout: number) => Promise<Duplex>;

function connectTimeout(settings: SshSettings): number {
  return milliseconds(settings.connectTimeout ?? defaultConnectTimeout);
}

/** A connection that has logged in, or the error that says why there is none; within the settings' time. */
export async function sshConnect(settings: SshSettings, dial?: SshDial): Promise<Client> {
  const label = sshLabel(settings);
  const timeout = connectTimeout(settings);
  const deadline = Date.now() + timeout;
  const left = (): number => Math.max(1, deadline - Date.now());
  const late = (what: string, fix: string) => (): SshError =>
    new SshError("credentials", label, `${what} within ${seconds(timeout)}`, fix);
  const auth = await within(
    sshAuth(settings),
    left(),
    late("the agent does not answer", "ssh-add -l must answer; or give a privateKey"),
  );
  const keys = new HostKeys(settings);
  const shown: Buffer[] = [];
  let algorithms = keys.algorithms(hostKeyAlgorithms) as ServerHostKeyAlgorithm[];
  for (;;) {
    const stream = await (dial ? dial(left()) : sshSocket(label, settings.address, sshPort(settings), left()));
    const login = new SshLogin(settings, auth, keys);
    try {
      return await login.run(stream, algorithms, left(), timeout);
    } catch (error) {
      stream.destroy();
      const { verdict, key } = login;
      if (key) shown.push(key);
      if (verdict === undefined || verdict.kind === "known") {
        // The host has no key of the types that were left to try.
        if (shown.length === 0 || key) throw error;
        throw hostKeyFailure(
          settings,
          keys,
          shown,
          keys.judge(shown[0]!) as Exclude<HostKeyVerdict, { kind: "known" }>,
        );
      }
      // A fingerprint may be that of another key of the host.
      const isFingerprint = hostKeyPin(settings.hostKey ?? "")?.kind === "fingerprint";
      algorithms = algorithms.filter((algorithm) => !isOfType(algorithm, keyType(key!)));
      if (!isFingerprint || algorithms.length === 0) throw hostKeyFailure(settings, keys, shown, verdict);
    }
  }
}

function isOfType(algorithm: string, type: string): boolean {
  return type === "ssh-rsa" ? /rsa/.test(algorithm) : algorithm === type;
}
