import type { Duplex } from "node:stream";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import type { SshSettings } from "../../model/ssh";
import { defaultConnectTimeout, hostKeyPin } from "../../model/ssh";
import { parseDuration } from "../../model/units";
import { hostKeyFailure } from "./hostKeyFailure";
import { HostKeys } from "./hostKeys";
import type { HostKeyVerdict } from "./hostKeys";
import { keyType } from "./knownHosts";
import { sshAuth } from "./sshAuth";
import type { SshAuth } from "./sshAuth";
import { ssh2 } from "./ssh2";
import { SshError } from "./sshError";
import { sshSocket } from "./sshSocket";
import { sshLabel, sshPort, sshUser } from "./sshUser";
import { within } from "./within";

/** A host that is asked for nothing answers within this, or counts as lost: 5 s, three times. */
const keepalive = { keepaliveInterval: 5_000, keepaliveCountMax: 3 };

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

export function connectTimeout(settings: SshSettings): number {
  return Number(parseDuration(settings.connectTimeout ?? defaultConnectTimeout) / 1_000_000n);
}

/** A connection that has logged in, or the error that says why there is none; within the settings' time. */
export async function sshConnect(settings: SshSettings, dial?: SshDial): Promise<Client> {
  const label = sshLabel(settings);
  const timeout = connectTimeout(settings);
  const deadline = Date.now() + timeout;
  const left = (): number => Math.max(1, deadline - Date.now());
  const late = (what: string, fix: string) => (): SshError =>
    new SshError("credentials", label, `${what} within ${timeout / 1000} s`, fix);
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
    const login = new Login(settings, auth, keys, stream);
    try {
      return await login.run(algorithms, left(), timeout);
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

/** One try: the handshake with its host key, and the login. */
class Login {
  /** What the host showed, and what is known of it. */
  key: Buffer | undefined;
  verdict: HostKeyVerdict | undefined;
  readonly #settings: SshSettings;
  readonly #auth: SshAuth;
  readonly #keys: HostKeys;
  readonly #stream: Duplex;
  #shaken = false;

  constructor(settings: SshSettings, auth: SshAuth, keys: HostKeys, stream: Duplex) {
    this.#settings = settings;
    this.#auth = auth;
    this.#keys = keys;
    this.#stream = stream;
  }

  async run(algorithms: ServerHostKeyAlgorithm[], left: number, timeout: number): Promise<Client> {
    const { Client } = ssh2();
    const client = new Client();
    const ready = new Promise<Client>((resolve, reject) => {
      // Errors that come later are the connection's, which listens by then.
      client.on("error", (error) => reject(this.#failure(error)));
      client.on("close", () => reject(this.#failure(undefined)));
      client.on("handshake", () => (this.#shaken = true));
      client.on("change password", () => reject(this.#expired()));
      client.once("ready", () => resolve(client));
    });
    client.connect({
      sock: this.#stream,
      username: sshUser(this.#settings),
      readyTimeout: 0,
      ...keepalive,
      algorithms: { serverHostKey: algorithms },
      hostVerifier: (key: Buffer) => {
        this.key = key;
        this.verdict = this.#keys.judge(key);
        return this.verdict.kind === "known";
      },
      authHandler: this.#auth.handler,
    });
    return within(ready, left, () => this.#late(timeout)).catch((error: unknown) => {
      client.destroy();
      throw error;
    });
  }

  #failure(error: (Error & { level?: string }) | undefined): SshError {
    const label = sshLabel(this.#settings);
    if (
      error?.level === "client-authentication" ||
      (this.#shaken && /authentication failures/i.test(error?.message ?? ""))
    ) {
      const offered = this.#auth.offered();
      const takes = offered.length > 0 ? `; the host takes ${offered.join(", ")}` : "";
      const user = sshUser(this.#settings);
      return new SshError(
        "login",
        label,
        `login as ${user} was refused; tried ${this.#auth.tried()}${takes}`,
        `put the public key into ~${user}/.ssh/authorized_keys on the host, or give user, privateKey, agent or password`,
      );
    }
    if (!this.#shaken) {
      const why = error ? error.message : "it closed the connection";
      return new SshError(
        "handshake",
        label,
        `no ssh handshake: ${why}`,
        `see that sshd listens on port ${sshPort(this.#settings)}, and its log: journalctl -u ssh`,
        error,
      );
    }
    const why = error ? error.message : "the host closed the connection";
    return new SshError(
      "login",
      label,
      `no login: ${why}; tried ${this.#auth.tried()}`,
      "see sshd's log on the host: journalctl -u ssh",
      error,
    );
  }

  #late(timeout: number): SshError {
    const [failure, what] = this.#shaken
      ? (["login", "no login"] as const)
      : (["handshake", "connected, but no ssh handshake"] as const);
    return new SshError(
      failure,
      sshLabel(this.#settings),
      `${what} within ${timeout / 1000} s`,
      this.#shaken
        ? "see sshd's log on the host: journalctl -u ssh"
        : "the host hangs, or something else than sshd listens there; see its console, or give more time: connectTimeout",
    );
  }

  #expired(): SshError {
    return new SshError(
      "login",
      sshLabel(this.#settings),
      "the password has expired",
      `ssh ${sshUser(this.#settings)}@${this.#settings.address}, and set a new one`,
    );
  }
}

function isOfType(algorithm: string, type: string): boolean {
  return type === "ssh-rsa" ? /rsa/.test(algorithm) : algorithm === type;
}
