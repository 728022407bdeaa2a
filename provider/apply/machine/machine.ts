import type { Duplex } from "node:stream";
import type { Problem } from "../../errors";
import type { GenerationFiles } from "../../model/nodeFiles";
import type { ServersInputs } from "../../model/servers";
import type { Dialer } from "../dial";
export type { GenerationFiles };

/** A process that is this node's server beyond doubt. */
export interface ServerProcess {
  readonly pid: number;
  /** What tells it from a later process with the same id. */
  readonly identity: string;
  readonly binary: string;
}

/** What lies in a node's folder. */
export interface NodeFolder {
  /** Name of the generation that `current` points to. */
  readonly current: string | undefined;
  /** When `current` was switched, in milliseconds since 1970. */
  readonly switchedAt: number | undefined;
  /** Complete generations, oldest first. */
  readonly generations: readonly string[];
  /** Set while the server must be restarted for what it loaded to take effect, with the reason. */
  readonly restartMark: { readonly reason: string; readonly markedAt: number } | undefined;
  /** When the node was taken out of the cluster, where it was. */
  readonly removedAt: number | undefined;
  /** What is amiss beside the files, in words: "is not started at boot". */
  readonly amiss?: readonly string[];
}

/** Whose folder it is. */
export interface Owner {
  readonly cluster: string;
  /** URN of the resource, where the host could learn it. */
  readonly urn?: string;
}

/** An owner, and where it has its folder. */
export interface OwnerSeen extends Owner {
  /** The folder for messages: "/var/lib/nats/east on 10.0.1.11". */
  readonly place: string;
  /** The machine, as {@link Machine.hostOf} names it. */
  readonly host: string;
  /** Nodes that have a folder there. */
  readonly nodes: readonly string[];
}

/** What a rollout needs of the machine, or the machines, that hold a cluster's folder; every wait inside is bounded. */
export interface Machine {
  /** For messages: "this machine". */
  readonly label: string;
  /** The folder that holds one folder a node. */
  readonly dir: string;
  /** The way to the servers, where this machine can't dial them by itself. */
  readonly dialer?: Dialer;

  /** Waits for machines that are new and still boot; what is wrong with those that never let anybody in. */
  booted?(say: (message: string) => Promise<void>): Promise<Problem[]>;
  /** What of the machine itself stands against running these servers, such as a host that can't be reached. */
  problems?(wanted: ServersInputs): Promise<Problem[]>;
  /** A stream to an address as the node's own machine dials it, where that is another one than this. */
  dialAt?(node: string, host: string, port: number, timeout: number): Promise<Duplex>;
  /** The machine that a node is on, for messages and to tell whether two nodes share one. */
  hostOf(node: string): string;
  /** What tells that machine from every other one, by whatever address it is reached. Default {@link hostOf}. */
  identityOf?(node: string): Promise<string>;
  /** Address to dial a node at that listens on all of them. */
  addressOf(node: string): string;

  owners(): Promise<OwnerSeen[]>;
  /** Machines that a later program added, on which nobody is named as owner yet. */
  unowned?(): Promise<string[]>;
  /** Without an owner the folder belongs to nobody again. */
  writeOwner(owner: Owner | undefined): Promise<void>;
  /** Keeps every other rollout off this folder until the returned function is called; fails while one runs. */
  lock(): Promise<() => Promise<void>>;

  /** Nodes that have a folder here. */
  nodes(): Promise<string[]>;
  folder(node: string): Promise<NodeFolder | undefined>;
  readGeneration(node: string, generation: string): Promise<GenerationFiles | undefined>;
  /** Writes a new generation completely or not at all, and returns its name. */
  writeGeneration(node: string, files: GenerationFiles): Promise<string>;
  /** Makes `current` point to it in one step. `switchedAt` keeps an earlier moment when an old one is put back. */
  switchTo(node: string, generation: string, switchedAt?: number): Promise<void>;
  /** Removes all generations but these. */
  prune(node: string, keep: readonly string[]): Promise<void>;
  markRestart(node: string, reason: string): Promise<void>;
  markRemoved(node: string): Promise<void>;
  /** Removes what was written for a node; with `data`, JetStream's files too. Returns the data folder that stays. */
  remove(node: string, what: { readonly data: boolean; readonly cluster?: boolean }): Promise<string | undefined>;
  /** Puts JetStream's files aside, so that a new server of that name starts empty; returns where they are. */
  setDataAside(node: string): Promise<string | undefined>;

  /** The server's own `-t` on a generation; its complaint, or undefined when it is content. */
  validate(node: string, generation: string, version: string): Promise<string | undefined>;
  /** By what a wanted node is started, where that can be another program than of the wanted version. */
  launch?(node: string, version: string): Promise<Launch>;
  /** Starts the server on `current`, so that it outlives this process. */
  start(node: string, version: string): Promise<ServerProcess>;
  /** This node's server processes; none of a foreign program, whatever its id. */
  processes(node: string): Promise<ServerProcess[]>;
  /** Signals exactly that process; false when it is gone. */
  signal(
    node: string,
    process: ServerProcess,
    signal: "SIGHUP" | "SIGUSR2" | "SIGTERM" | "SIGINT" | "SIGKILL",
  ): Promise<boolean>;
  /** Why the node's machine can't be reached at all; only of nodes that the program no longer wants, others are an error. */
  lossOf?(node: string): Promise<string | undefined>;
  /** After the last process has ended: whatever starts servers by itself lets this one rest. */
  rest?(node: string): Promise<void>;
  /** Last lines of the server's log. */
  logTail(node: string, lines: number): Promise<string>;
  /** Who listens on a port of the node's machine, as it was no earlier than `since`: the process in words and its id where it can be known. */
  portHolder(node: string, port: number, since?: number): Promise<PortHolder | undefined>;
  /** Lets go of the connections that it holds. */
  close?(): Promise<void>;
}

export interface Launch {
  /** Path of the program that its server shall be. */
  readonly binary?: string;
  /** What would start another one in its place. */
  readonly obstacle?: Problem;
}

export interface PortHolder {
  readonly pid: number | undefined;
  readonly command: string | undefined;
  /** The systemd service that it is, where it is one: that would start it again. */
  readonly unit?: string;
  /** Folder of the cluster of this machine whose server it is. */
  readonly folder?: string;
}
