import { readFileSync } from "node:fs";
import type { SshSettings } from "../../model/ssh";
import { hostKeyPin } from "../../model/ssh";
import { fingerprint, keyType, knowsHost, knownHostName, parseKnownHosts } from "./knownHosts";
import type { KnownHost } from "./knownHosts";
import { SshError } from "./sshError";
import { homeFile, sshLabel, sshPort } from "./sshUser";

/** A known_hosts file with the lines that are about one host. */
interface KnownFile {
  readonly file: string;
  readonly entries: readonly KnownHost[];
  /** For a port of its own: keys of the same address without it, which ssh takes too where the port's are not known. */
  readonly portless: readonly KnownHost[];
}

export type HostKeyVerdict =
  | { readonly kind: "known" }
  /** Nothing is known of the host, or only keys of other types. */
  | { readonly kind: "unknown"; readonly files: readonly string[]; readonly otherTypes: readonly string[] }
  /** Another key of the same type is known. */
  | { readonly kind: "changed"; readonly file: string; readonly line: number; readonly known: string }
  | { readonly kind: "revoked"; readonly file: string; readonly line: number }
  /** It is not the one that the program pins. */
  | { readonly kind: "not pinned"; readonly pinned: string };

const usualFiles = ["~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"];

/** What is known of one host's keys, read once a connection. */
export class HostKeys {
  readonly name: string;
  readonly #settings: SshSettings;
  readonly #files: readonly KnownFile[];

  constructor(settings: SshSettings) {
    this.#settings = settings;
    this.name = knownHostName(settings.address, sshPort(settings));
    const files = settings.knownHostsFile === undefined ? usualFiles : [settings.knownHostsFile];
    this.#files = settings.hostKey === undefined ? files.map((file) => this.#read(file)) : [];
  }

  /** Algorithms by which the host shall show its key, those of known keys first: a host has several, and often one is known. */
  algorithms(all: readonly string[]): string[] {
    const known = this.knownTypes().flatMap(algorithmsOf);
    return [...all].sort((a, b) => Number(known.includes(b)) - Number(known.includes(a)));
  }

  knownTypes(): string[] {
    const pin = this.#pin();
    if (pin?.kind === "key") return [pin.type];
    const all = this.#files.flatMap(({ entries, portless }) => [...entries, ...portless]);
    return all.filter(({ marker }) => marker === undefined).map(({ type }) => type);
  }

  judge(key: Buffer): HostKeyVerdict {
    const pin = this.#pin();
    const text = key.toString("base64");
    if (pin) {
      const isPinned = pin.kind === "key" ? samePadded(pin.key, text) : pin.fingerprint === fingerprint(key);
      const pinned = pin.kind === "key" ? fingerprint(Buffer.from(pin.key, "base64")) : pin.fingerprint;
      return isPinned ? { kind: "known" } : { kind: "not pinned", pinned };
    }
    const all = this.#files.flatMap(({ file, entries }) => entries.map((entry) => ({ file, ...entry })));
    const revoked = all.find((entry) => entry.marker === "revoked" && samePadded(entry.key, text));
    if (revoked) return { kind: "revoked", file: revoked.file, line: revoked.line };
    const hosts = all.filter(({ marker }) => marker === undefined);
    if (hosts.some((entry) => samePadded(entry.key, text))) return { kind: "known" };
    const portless = this.#files.flatMap((file) => (hosts.length > 0 ? [] : file.portless));
    if (portless.some((entry) => samePadded(entry.key, text))) return { kind: "known" };
    const other = hosts.find(({ type }) => type === keyType(key));
    if (other) {
      const known = fingerprint(Buffer.from(other.key, "base64"));
      return { kind: "changed", file: other.file, line: other.line, known };
    }
    const otherTypes = [...new Set(hosts.map(({ type }) => type))];
    return { kind: "unknown", files: this.#files.map(({ file }) => file), otherTypes };
  }

  #pin(): ReturnType<typeof hostKeyPin> {
    return this.#settings.hostKey === undefined ? undefined : hostKeyPin(this.#settings.hostKey);
  }

  #read(file: string): KnownFile {
    let text = "";
    try {
      text = readFileSync(homeFile(file), "utf8");
    } catch (error) {
      // A file of the usual ones that is not there is no fault; neither is one that is still to be made: its key is unknown then.
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") {
        throw new SshError(
          "host key",
          sshLabel(this.#settings),
          `${file} can't be read: ${message}`,
          `chmod 600 ${file}`,
          error,
        );
      }
    }
    const all = parseKnownHosts(text);
    const plain = all.filter(({ marker }) => marker === undefined);
    const portless = plain.filter((entry) => knowsHost(entry, this.#settings.address.toLowerCase()));
    return { file, entries: all.filter((entry) => knowsHost(entry, this.name)), portless };
  }
}

/** An RSA key signs by several algorithms; all others have the name of their type. */
function algorithmsOf(type: string): string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type];
}

function samePadded(a: string, b: string): boolean {
  return a.replace(/=+$/, "") === b.replace(/=+$/, "");
}
