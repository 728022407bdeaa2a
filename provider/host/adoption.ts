import type { Problem } from "../errors";
import type { CallContext, Handler, Live } from "./handler";
import { isElsewhere } from "../model/ownership";
import { isSecretName } from "../model/secretName";

/** What stands against taking a live object into the stack: it is not there, or it is not what the program says. */
export async function adoptionProblems(
  handler: Handler<object, object>,
  context: CallContext,
  id: string,
  inputs: object,
): Promise<readonly Problem[]> {
  const live = await handler.read(context, id, undefined);
  if (!live) {
    const fix = `correct the id in \`import: "${id}"\`, or remove the option to create it`;
    return [{ path: "import", reason: `${handler.kind} "${id}" does not exist on the server`, fix }];
  }
  const owned = foreignProblems(handler, context, id, live);
  const { changes } = await handler.diff(context, id, live.state, inputs);
  const differing = Object.keys(changes).filter((path) => !handler.options?.includes(path));
  const different = differing.map((path) => ({
    path,
    reason: `import of ${handler.kind} "${id}": the live value is ${shown(live.state, path, handler.unshown)}, the program says ${shown(inputs, path, handler.unshown)}`,
    fix: `take over the live value, then change it after the import`,
  }));
  return [...different, ...owned];
}

/** Whose the imported object is: an import leaves that mark, so the other program goes on as if it were the only one. */
export function foreignProblems(
  { kind }: Handler<object, object>,
  context: CallContext,
  id: string,
  { owners = [], marked = {} }: Live<object, object>,
): Problem[] {
  return owners
    .filter((owner) => isElsewhere(context, owner))
    .map((owner): Problem => {
      const what = marked[owner] ?? `${kind} "${id}"`;
      const reason = `${what} ${/^\d/.test(what) ? "belong" : "belongs"} to ${owner}: with an import both programs have it, and either one changes and deletes it as its own`;
      const fix = "take it out of that program first (with retainOnDelete: true there), or adopt: true instead";
      return { path: "import", reason, fix, severity: "warning" };
    });
}

function shown(bag: object, path: string, unshown: readonly string[] = []): string {
  const segments = path.split(/[.[\]"]+/).filter((segment) => segment !== "");
  if (segments.some(isSecretName)) return "[secret]";
  if (unshown.includes(segments[0]!)) return "another one (not shown)";
  let value: unknown = bag;
  for (const segment of segments) value = (value as Record<string, unknown> | undefined | null)?.[segment];
  return value === undefined ? "not set" : JSON.stringify(value);
}
