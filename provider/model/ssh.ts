import type { Problem } from "../errors";
import { isUnknown } from "../host/handler";
import type { Duration } from "./units";
import { UnitError, parseDuration } from "./units";

/**
 * How to reach a host over ssh. Host keys are strict: a key that stands neither in `hostKey` nor in a known_hosts file is an error
 * that shows it, and nothing is ever accepted by itself. `~/.ssh/config` is not read. Changing any of it restarts nothing.
 *
 * @example
 * ```ts
 * { address: "10.0.1.11", user: "ops" }                                            // agent or ~/.ssh/id_ed25519, sudo without password
 * { address: "10.0.1.11", user: "ops", privateKey: config.requireSecret("key"), hostKey: "SHA256:Zx2…" }
 * { address: "10.0.1.11", user: "ops", proxyJump: { address: "bastion.example.com", user: "ops" } }
 * ```
 */
export interface SshSettings {
  /** Host name or IP address of its sshd, without user, port or brackets. */
  readonly address: string;
  /** Default 22. */
  readonly port?: number;
  /** Default: the user that runs `pulumi`. */
  readonly user?: string;
  /** Content (not the path) of a private key in OpenSSH's or PEM form. With it, neither the agent nor `~/.ssh` is asked. */
  readonly privateKey?: string;
  /** Opens `privateKey`, or the key files in `~/.ssh`, where they are encrypted. */
  readonly passphrase?: string;
  /** The user's password; tried after the keys. */
  readonly password?: string;
  /**
   * `true`: the agent of SSH_AUTH_SOCK; a string: that agent's socket; `false`: none. Default: the agent of SSH_AUTH_SOCK, where there
   * is one and neither `privateKey` nor `password` is given.
   */
  readonly agent?: string | boolean;
  /**
   * The host's key, as `ssh-keygen -lf` prints its fingerprint ("SHA256:…") or as its .pub file has it ("ssh-ed25519 AAAA…").
   * With it no known_hosts file is read.
   */
  readonly hostKey?: string;
  /** Path of a file in known_hosts' form. Default: `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`. */
  readonly knownHostsFile?: string;
  /**
   * How a user other than root becomes root: `true`: sudo without a password; `{ password }`: with it (default: the user's `password`);
   * `false`: not at all. Default `true`.
   */
  readonly sudo?: boolean | { readonly password?: string };
  /** The host that leads to this one, as `ssh -J`; its own settings may name a further one. */
  readonly proxyJump?: SshSettings;
  /** Limit for a connection with its login, each jump host included. Default "15s". */
  readonly connectTimeout?: Duration;
  /** How long `up` waits for a host that is new and still boots, so that nothing there speaks ssh yet. Default "3m". */
  readonly bootTimeout?: Duration;
}

export const defaultConnectTimeout = "15s";
export const defaultBootTimeout = "3m";
const mostJumps = 5;

/** A host key as a user pins it; undefined where the text is none. */
export type HostKeyPin =
  | { readonly kind: "fingerprint"; readonly fingerprint: string }
  | { readonly kind: "key"; readonly type: string; readonly key: string };

export function hostKeyPin(text: string): HostKeyPin | undefined {
  const trimmed = text.trim();
  const fingerprint = /^(SHA256:[A-Za-z0-9+/]{43})=?$/.exec(trimmed);
  if (fingerprint) return { kind: "fingerprint", fingerprint: fingerprint[1]! };
  const key = /^((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+)\s+(AAAA[A-Za-z0-9+/]+=*)(?:\s.*)?$/.exec(trimmed);
  return key ? { kind: "key", type: key[1]!, key: key[2]! } : undefined;
}

/** What is wrong with the settings as far as their text tells; unknown values are left for later. */
export function sshProblems(settings: SshSettings, path: string, jumps = 0): Problem[] {
  const problems: Problem[] = [];
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const add = (key: string, reason: string, fix: string): void => void problems.push({ path: at(key), reason, fix });
  const text = (key: "address" | "user" | "privateKey" | "hostKey" | "knownHostsFile"): string | undefined => {
    const value: unknown = settings[key];
    if (value === undefined || isUnknown(value)) return undefined;
    if (typeof value === "string" && value.trim() !== "") return value;
    add(key, value === "" ? "is empty" : "is no text", `leave ${key} out, or give it a value`);
    return undefined;
  };

  if (settings.address === undefined) add("address", "is missing", `address: "10.0.1.11"`);
  const address = text("address");
  if (address !== undefined) addressProblem(address, (reason, fix) => add("address", reason, fix));
  const { port } = settings;
  if (port !== undefined && !isUnknown(port) && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    add("port", `${JSON.stringify(port)} is no port`, "port: 22");
  }
  const user = text("user");
  if (user !== undefined && /[\s@:/]/.test(user)) {
    add(
      "user",
      `${JSON.stringify(user)} is no user's name`,
      `user: ${JSON.stringify(user.split(/[\s@:/]/)[0] || "ops")}`,
    );
  }
  const key = text("privateKey");
  if (key !== undefined && !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
    const isPath = !key.includes("\n") && /^[~./\w-]+$/.test(key);
    const what = isPath ? "is a path; the key's content is wanted" : "holds no private key in OpenSSH's or PEM form";
    add("privateKey", what, `privateKey: fs.readFileSync(${isPath ? JSON.stringify(key) : '"id_ed25519"'}, "utf8")`);
  }
  const hostKey = text("hostKey");
  if (hostKey !== undefined && !hostKeyPin(hostKey)) {
    const show = JSON.stringify(hostKey.length > 60 ? `${hostKey.slice(0, 60)}…` : hostKey);
    add(
      "hostKey",
      `${show} is neither a fingerprint (SHA256:…) nor a public key (ssh-ed25519 AAAA…)`,
      `hostKey: what \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` prints on the host after the number`,
    );
  }
  text("knownHostsFile");
  for (const secret of ["passphrase", "password"] as const) {
    if (settings[secret] === "") add(secret, "is empty", `leave ${secret} out, or give it a value`);
  }
  if (typeof settings.sudo === "object" && settings.sudo.password === "") {
    add("sudo.password", "is empty", "sudo: true, where sudo asks for no password");
  }
  if (settings.agent === "") add("agent", "is empty", "agent: true");
  problems.push(...timeoutProblems(settings, "connectTimeout", at), ...timeoutProblems(settings, "bootTimeout", at));
  if (settings.proxyJump !== undefined && !isUnknown(settings.proxyJump)) {
    problems.push(...jumpProblems(settings.proxyJump, at("proxyJump"), jumps + 1));
  }
  return problems;
}

function addressProblem(address: string, add: (reason: string, fix: string) => void): void {
  const show = JSON.stringify(address);
  const parts = /^(?:ssh:\/\/)?(?:([^@/\s]+)@)?(?:\[([^\]]+)\]|([^:/@\s]+))(?::(\d+))?\/?$/.exec(address);
  const bare = /^[\w.-]+$/.test(address) || /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i.test(address);
  if (bare) return;
  if (!parts) return add(`${show} is neither a host name nor an IP address`, `address: "10.0.1.11"`);
  const [, user, bracketed, plain, port] = parts;
  const fix = [
    `address: ${JSON.stringify(bracketed ?? plain)}`,
    user && `user: ${JSON.stringify(user)}`,
    port && `port: ${port}`,
  ];
  add(`${show} holds more than a host name or an IP address`, fix.filter(Boolean).join(", "));
}

const timeouts = { connectTimeout: defaultConnectTimeout, bootTimeout: defaultBootTimeout } as const;

function timeoutProblems(settings: SshSettings, key: keyof typeof timeouts, at: (key: string) => string): Problem[] {
  const [timeout, path]: [unknown, string] = [settings[key], at(key)];
  if (timeout === undefined || isUnknown(timeout)) return [];
  const fix = `${key}: "${timeouts[key]}"`;
  const least = key === "bootTimeout" ? 0n : 1n;
  try {
    if (parseDuration(timeout as string) >= least) return [];
    return [{ path, reason: `${JSON.stringify(timeout)} leaves no time`, fix }];
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return [{ path, reason: error.message, fix: error.fix ?? fix }];
  }
}

function jumpProblems(jump: SshSettings, path: string, jumps: number): Problem[] {
  if (typeof jump !== "object") {
    return [{ path, reason: "is no object", fix: `proxyJump: { address: "bastion.example.com", user: "ops" }` }];
  }
  if (jumps > mostJumps)
    return [{ path, reason: `is the jump number ${jumps}; at most ${mostJumps} are followed`, fix: "leave it out" }];
  return sshProblems(jump, path, jumps);
}
