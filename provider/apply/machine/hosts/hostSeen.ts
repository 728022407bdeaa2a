import type { PortHolder, ServerProcess } from "../machine";

/** One file, link or folder below the cluster's folder. */
export interface DiskEntry {
  readonly kind: "file" | "link" | "folder";
  readonly mode: number;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** A file's text, or where a link points to. */
  readonly content: string;
}

/** A host at one moment. */
export interface HostSeen {
  readonly system: string;
  readonly architecture: string;
  /** Tells it from every other machine, also from one that was cloned from it. */
  readonly machine: string;
  readonly hasSystemd: boolean;
  readonly missingTools: readonly string[];
  /** Seconds since 1970, by its own clock. */
  readonly time: number;
  readonly freeKiB: number;
  readonly folders: readonly string[];
  /** By path below the cluster's folder. */
  readonly disk: ReadonlyMap<string, DiskEntry>;
  /** Installed units by node. */
  readonly units: ReadonlyMap<string, { readonly mode: number; readonly user: string; readonly content: string }>;
  /** What others have put beside a node's unit to start it by, with the file that says so. */
  readonly starts: ReadonlyMap<string, readonly { readonly file: string; readonly command: string }[]>;
  /** Paths of what lies in the folder of our own for nats-server. */
  readonly binaries: readonly string[];
  /** nats-server on PATH and what it says of its version, where that was asked and it is there. */
  readonly installed: { readonly path: string; readonly says: string } | undefined;
  readonly services: ReadonlyMap<string, Service>;
  readonly processes: ReadonlyMap<string, ServerProcess>;
  readonly ports: ReadonlyMap<number, PortHolder>;
}

export interface Service {
  readonly mainPid: number;
  /** "active", "activating", "deactivating", "failed", "inactive". */
  readonly active: string;
  /** "enabled", "disabled", "masked", "" where there is none. */
  readonly file: string;
}

/** What the look's script said, as facts. */
export async function parseLook(text: string): Promise<HostSeen> {
  const facts = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    const key = space < 0 ? line : line.slice(0, space);
    facts.set(key, [...(facts.get(key) ?? []), line.slice(key.length + 1)]);
  }
  const all = (key: string): string[] => facts.get(key) ?? [];
  const [system = "", architecture = ""] = (all("system")[0] ?? "").split(" ");
  return {
    system,
    architecture,
    machine: all("machine")[0] ?? "",
    hasSystemd: all("systemd").length > 0,
    missingTools: all("missing"),
    time: Number(all("time")[0]),
    freeKiB: Number(all("free")[0]),
    folders: all("folder"),
    disk: await readDisk(all("disk")[0]),
    units: new Map(all("unit").map(unitOf)),
    starts: startsOf(all("starts")),
    binaries: all("binary"),
    installed: all("installed").map(installedOf)[0],
    services: new Map(all("service").map(serviceOf)),
    processes: processesOf(all("process")),
    ports: portsOf(all("port"), all("serves")),
  };
}

/** Lines "process <node> <pid> <identity> <binary>". */
export function processesOf(lines: readonly string[]): Map<string, ServerProcess> {
  return new Map(
    lines.map((line) => {
      const [node = "", pid = "", identity = "", ...binary] = line.split(" ");
      return [node, { pid: Number(pid), identity, binary: binary.join(" ").replace(/ \(deleted\)$/, "") }];
    }),
  );
}

function unitOf(line: string): [string, { mode: number; user: string; content: string }] {
  const [node = "", state = "", content = ""] = line.split(" ");
  const [mode = "", user = ""] = state.split(":");
  return [node, { mode: parseInt(mode, 8), user, content: Buffer.from(content, "base64").toString("utf8") }];
}

/** Lines "<node> <file>=<command>". */
function startsOf(lines: readonly string[]): HostSeen["starts"] {
  const starts = new Map<string, { file: string; command: string }[]>();
  for (const line of lines) {
    const [, node = "", file = "", command = ""] = /^(\S+) (.*?\.conf)=(.*)$/.exec(line) ?? [];
    starts.set(node, [...(starts.get(node) ?? []), { file, command }]);
  }
  return starts;
}

function installedOf(line: string): { path: string; says: string } {
  const [path = "", ...says] = line.split(" ");
  return { path, says: says.join(" ") };
}

function serviceOf(line: string): [string, Service] {
  const [node = "", ...pairs] = line.split(" ");
  const values = new Map(pairs.map((pair) => pair.split("=", 2) as [string, string]));
  const [mainPid, active, file] = ["MainPID", "ActiveState", "UnitFileState"].map((key) => values.get(key) ?? "");
  return [node, { mainPid: Number(mainPid), active: active!, file: file! }];
}

/** Who listens, with the systemd unit that each process belongs to. */
function portsOf(lines: readonly string[], serving: readonly string[]): Map<number, PortHolder> {
  const units = new Map(serving.map((line) => line.split(" ", 2) as [string, string]));
  return new Map(
    lines.flatMap(portOf).map(([port, holder]) => {
      const unit = units.get(String(holder.pid));
      return [port, { ...holder, ...(unit === undefined ? {} : { unit }) }];
    }),
  );
}

/** A line of `ss -Hltnp`. */
function portOf(line: string): [number, PortHolder][] {
  const [, , , local = ""] = line.split(/\s+/);
  const port = Number(/:(\d+)$/.exec(local)?.[1]);
  if (!port) return [];
  const [, command, pid] = /\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
  return [[port, { pid: pid === undefined ? undefined : Number(pid), command }]];
}

async function readDisk(archive: string | undefined): Promise<Map<string, DiskEntry>> {
  const entries = new Map<string, DiskEntry>();
  if (!archive) return entries;
  const { Parser } = await import("tar");
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const chunks: Buffer[] = [];
      entry.on("data", (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
      entry.on("end", () => {
        const kind = entry.type === "SymbolicLink" ? "link" : entry.type === "Directory" ? "folder" : "file";
        entries.set(entry.path.replace(/\/$/, ""), {
          kind,
          mode: (entry.mode ?? 0) & 0o7777,
          user: entry.uname ?? "",
          modifiedAt: entry.mtime?.getTime() ?? 0,
          content: kind === "link" ? (entry.linkpath ?? "") : Buffer.concat(chunks).toString("utf8"),
        });
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    parser.on("end", () => resolve());
    parser.on("error", reject);
    parser.end(Buffer.from(archive, "base64"));
  });
  return entries;
}
