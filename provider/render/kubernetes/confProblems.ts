import { isConfMap } from "../../conf/value";
import type { ConfMap } from "../../conf/value";
import type { Problem } from "../../errors";
import { parseSize } from "../../model/units";
import { bytesOf } from "./quantity";
import type { KubernetesSettings } from "./settings";

/** Where nats.conf and the pods do not fit together. */
export function confProblems(conf: ConfMap, settings: Pick<KubernetesSettings, "volume" | "resources">): Problem[] {
  const jetstream = conf.get("jetstream");
  const { volume, resources } = settings;
  const store = isConfMap(jetstream) ? jetstream : new Map<string, never>();
  const room = volume.kind === "claim" || !volume.inMemory ? "volume" : "memory";
  return [
    ...(conf.has("pid_file") ? [pidFileProblem] : []),
    ...tooMuch(
      "maxFileStore",
      store.get("max_file_store") ?? store.get("max_file"),
      sizeOf(volume.size),
      `the ${room}`,
    ),
    ...tooMuch(
      "maxMemoryStore",
      store.get("max_memory_store") ?? store.get("max_mem"),
      bytesOf(resources?.limits?.["memory"] ?? ""),
      "the container's memory limit",
    ),
  ];
}

const pidFileProblem: Problem = {
  path: "config.pidFile",
  reason: "on Kubernetes this file tells the rollout which certificates the server has loaded",
  fix: "leave it out: the server is process 1 of its container",
};

function sizeOf(size: string | undefined): bigint | undefined {
  return size === undefined ? undefined : parseSize(size);
}

/** A server promises its streams what its configuration says, whatever there is. */
function tooMuch(key: string, wanted: unknown, room: bigint | undefined, what: string): Problem[] {
  const bytes = typeof wanted === "bigint" ? wanted : typeof wanted === "string" ? parseSize(wanted) : undefined;
  if (bytes === undefined || room === undefined || bytes <= room) return [];
  const reason = `${bytes} bytes are more than ${what} has (${room}): publishing would fail where it is full`;
  return [{ path: `jetstream.${key}`, reason, fix: `less than ${what}`, severity: "warning" }];
}
