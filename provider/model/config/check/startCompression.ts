import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { parseGoDuration } from "../../units";
import type { CheckContext } from "./context";
import { find } from "./find";
import { member } from "./member";
import { durationProblem } from "./scalars";

/** Modes and thresholds of compression, which only a start looks at. */
export function checkCompressions(root: ConfMap, context: CheckContext): void {
  for (const place of ["cluster", "leafnodes"]) {
    const found = find(root, `${place}.compression`);
    if (found) checkCompression(found.value, found.path, context);
  }
  const remotes = find(root, "leafnodes.remotes");
  if (!remotes || !isConfList(remotes.value)) return;
  remotes.value.forEach((remote, index) => {
    const compression = member(remote, "compression");
    if (compression !== undefined)
      checkCompression(compression, joinPath(joinPath(remotes.path, index), "compression"), context);
  });
}

const modes =
  /^(on|enabled|true|disabled|off|false|accept|auto|s2_auto|s2_fast|fast|s2_better|better|s2_best|best|s2_uncompressed|uncompressed|not supported|not_supported|)$/i;

function checkCompression(value: ConfValue, path: string, context: CheckContext): void {
  const mode = isConfMap(value) ? member(value, "mode") : value;
  if (typeof mode === "string" && !modes.test(mode))
    context.error(
      isConfMap(value) ? joinPath(path, "mode") : path,
      `"${mode}" is no mode of compression`,
      "off, accept, s2_auto, s2_fast, s2_better, s2_best",
    );
  const thresholds = isConfMap(value) ? member(value, "rtt_thresholds", "thresholds", "rtts", "rtt") : undefined;
  if (!isConfList(thresholds) || !(typeof mode === "string" && /^(s2_)?auto$/i.test(mode))) return;
  const spans = thresholds.map((text) =>
    typeof text === "string" && !durationProblem(text) ? parseGoDuration(text) : 0n,
  );
  const where = joinPath(path, "rtt_thresholds");
  const rising = spans.filter((span) => span > 0n);
  if (rising.some((span, index) => index > 0 && span < rising[index - 1]!))
    context.error(where, "the thresholds must rise");
  if (spans.length > 4) context.error(where, `has ${spans.length} thresholds, more than 4`);
  if (spans.length > 0 && rising.length === 0) context.error(where, "has no threshold above 0");
}
