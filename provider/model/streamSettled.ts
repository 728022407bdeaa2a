import { settledFields } from "./assetSettled";
import type { JsonObject } from "./exactJson";
import { atLeast } from "./serverRelease";
import { streamFields } from "./streamFields";

const defaultWindow = 120_000_000_000;

/**
 * A stream's configuration as a server keeps it: every field is there, defaults and what the server sets by itself included,
 * what it or we add to the metadata left out. Two configurations are the same for the server when these are equal.
 */
export function settledStream(config: JsonObject, version: string): JsonObject {
  const settled = settledFields(streamFields, config);

  const isCopy = settled["mirror"] !== undefined;
  const hasSources = settled["sources"] !== undefined;
  if (settled["subjects"] === undefined && !isCopy && !hasSources && typeof config["name"] === "string") {
    settled["subjects"] = [config["name"]];
  }
  const maxAge = Number(settled["max_age"]);
  const needsWindow = !isCopy && (!hasSources || !atLeast(version, "2.14"));
  if (settled["duplicate_window"] === 0 && needsWindow) {
    settled["duplicate_window"] = maxAge > 0 && maxAge < defaultWindow ? maxAge : defaultWindow;
  }
  // A server takes one, and forgets it with its next start.
  if (isCopy) settled["duplicate_window"] = 0;
  if (Number(settled["subject_delete_marker_ttl"]) > 0) settled["allow_msg_ttl"] = true;
  const rollsUp = Number(settled["subject_delete_marker_ttl"]) > 0 || settled["allow_msg_schedules"] === true;
  if (rollsUp && settled["allow_rollup_hdrs"] !== true) {
    settled["allow_rollup_hdrs"] = true;
    settled["deny_purge"] = false;
  }
  if (settled["sealed"] === true) {
    Object.assign(settled, {
      max_age: 0,
      discard: "new",
      deny_delete: true,
      deny_purge: true,
      allow_rollup_hdrs: false,
    });
  }
  return settled;
}

/** What to send for a sealed stream: it must go on saying what sealing has brought about, or is about to. */
export function sealedWhole(config: JsonObject): JsonObject {
  if (config["sealed"] !== true) return config;
  // Beside a ban on purges the server refuses roll-ups, which sealing ends.
  const rollsUp = config["deny_purge"] === true ? {} : { allow_rollup_hdrs: undefined };
  return { ...config, ...rollsUp, deny_delete: true, deny_purge: true };
}
