import path from "node:path";

type Frame = NodeJS.CallSite & { toString(): string };
type Format = (error: Error, frames: Frame[]) => unknown;

/** Whoever formats stacks, as source maps do; nobody does by default. */
const stacks = Error as { prepareStackTrace?: Format | undefined };

/**
 * Until what it returns is called, the stacks that Pulumi's SDK reads while it registers a resource are short.
 *
 * It keeps one for each of some thirty promises of a resource, mapped through source maps: half of the time and memory of a program of a
 * thousand resources, for what only PULUMI_DEBUG_PROMISE_LEAKS shows. Another tells where the program makes the resource; the
 * whole of it stands in the state, where frames of Node and of libraries are a third of a resource. Errors keep their stacks.
 */
export function shortStacks(): () => void {
  const format = stacks.prepareStackTrace;
  // Node's own source maps are for nobody else's formatting.
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || process.sourceMapsEnabled) return () => {};
  const full = format ?? plain;
  const short: Format = (error, frames) => {
    if (error.constructor !== Error || error.message !== "") return full.call(Error, error, frames);
    return Error.stackTraceLimit === Infinity ? full.call(Error, error, placeOf(frames)) : "Error";
  };
  stacks.prepareStackTrace = short;
  return () => {
    if (stacks.prepareStackTrace === short) stacks.prepareStackTrace = format;
  };
}

/** The SDK takes the first frame above its own classes and one of ours for the place in the program. */
function placeOf(frames: readonly Frame[]): Frame[] {
  const first = frames.findIndex(isOurs);
  if (first === -1) return [...frames];
  const classes = [...frames.slice(0, first), ...frames.slice(first).filter(isOurs).slice(1, 2)];
  const program = frames.slice(first).filter((frame) => !isOurs(frame) && isProgram(frame));
  return program.length > 0 ? [...classes, ...program] : frames.filter((_, index) => index !== first);
}

const own = ["provider", "components"].map((folder) => path.resolve(__dirname, "../..", folder) + path.sep);

function isOurs(frame: Frame): boolean {
  return own.some((folder) => frame.getFileName()?.startsWith(folder));
}

function isProgram(frame: Frame): boolean {
  const file = frame.getFileName();
  return typeof file === "string" && !file.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(file);
}

function plain(error: Error, frames: readonly Frame[]): string {
  return [String(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join("\n");
}
