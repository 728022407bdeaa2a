import assert from "node:assert/strict";
import path from "node:path";
import vm from "node:vm";
import { shortStacks } from "../../../provider/resources/shortStacks";

// Files that are not there, so that no source map names other places.
const root = path.resolve(__dirname, "../../..");
const sdk = (name: string): string => path.join(root, "node_modules/@pulumi/pulumi", `${name}.js`);
const ours = (name: string): string => path.join(root, "provider/resources", `${name}.js`);
const component = path.join(root, "components/none.js");
const loader = path.join(root, "node_modules/ts-node/none.js");
const program = (name: string): string => path.join(root, "examples", `${name}.js`);

type Wrap<Result> = (inner: () => Result) => () => Result;

/** What `work` gives where a function of each of these files calls that of the file before it; the first calls it. */
function under<Result>(files: readonly string[], work: () => Result): Result {
  return files.reduce<() => Result>(
    (inner, filename) =>
      (vm.runInThisContext("(inner) => function made() { return inner(); }", { filename }) as Wrap<Result>)(inner),
    work,
  )();
}

/** The files of a stack as the SDK reads it, from the one that it is read in. */
function placesOf(files: readonly string[]): string[] {
  const stack = vm.runInThisContext("() => new Error().stack", { filename: sdk("stack") }) as () => string;
  const read = (): string => {
    Error.stackTraceLimit = Infinity;
    return stack();
  };
  const restore = shortStacks();
  try {
    const lines = under(files, read).split("\n").slice(1);
    return lines.map((line) => / \(.*[\\/]([\w.]+)\.[jt]s:\d+:\d+\)$/.exec(line)?.[1] ?? line);
  } finally {
    restore();
  }
}

const classes = [sdk("Resource"), sdk("CustomResource"), ours("NatsResource"), ours("Stream")];

describe("The stacks that the SDK reads of a resource", () => {
  const limit = Error.stackTraceLimit;
  beforeEach(() => (Error.stackTraceLimit = 10));
  afterEach(() => (Error.stackTraceLimit = limit));

  it("have one class of ours between its own and the program, which is all the rest", () => {
    const places = placesOf([...classes, program("topics"), loader, program("main")]);
    const own = ["Resource", "CustomResource", "Stream", "topics", "main"];
    assert.deepEqual(
      places.filter((place) => place !== "shortStacks.test"),
      ["stack", ...own],
    );
  });

  it("lead from a component's resource to the program that makes the component", () => {
    const places = placesOf([...classes, component, sdk("Component"), program("main")]);
    const own = ["Resource", "CustomResource", "Stream", "main"];
    assert.deepEqual(
      places.filter((place) => place !== "shortStacks.test"),
      ["stack", ...own],
    );
  });

  it("are nothing but a word for each promise, and as they were afterwards", () => {
    const formats = Error as { prepareStackTrace?: unknown };
    const format = formats.prepareStackTrace;
    const restore = shortStacks();
    const inside = new Error().stack;
    restore();
    assert.equal(inside, "Error");
    assert.equal(formats.prepareStackTrace, format);
    assert.match(new Error().stack!, /shortStacks\.test/);
  });

  it("stay whole for errors with something to say, and for those that get it later", () => {
    const restore = shortStacks();
    const failure = new TypeError("the program's").stack;
    const later = new Error();
    restore();
    later.message = "failed to register";
    assert.match(failure!, /^TypeError: the program's\n.*shortStacks\.test/);
    assert.match(later.stack!, /\n.*shortStacks\.test/);
  });

  it("stay whole for who looks for promises that never end", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
    const restore = shortStacks();
    try {
      assert.match(new Error().stack!, /shortStacks\.test/);
    } finally {
      restore();
      delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    }
  });
});
