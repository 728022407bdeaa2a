import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { connectFiles } from "../provider/render/connectFiles";
import type { ConnectModel } from "../provider/render/connectFiles";
import { connectProblems, resolveConnect } from "./connectArgs";
import type { ConnectArgs } from "./connectArgs";

/** Connections by the names of their contexts. */
export type Contexts = Readonly<Record<string, ConnectArgs>>;

export function* contextsProblems(contexts: Contexts): Generator<Problem> {
  if (Object.keys(contexts).length === 0) {
    yield {
      path: "contexts",
      reason: "there is none",
      fix: 'contexts: { app: { cluster: east, user: "app", password } }',
    };
  }
  for (const [name, connection] of Object.entries(contexts)) {
    if (!/^[A-Za-z0-9][-\w.]{0,62}$/.test(name)) {
      const reason = `${JSON.stringify(name)} can't name a context: letters, digits, "-", "_" and "." can`;
      yield { path: "contexts", reason, fix: `contexts: { "${name.replace(/[^-\w.]+/g, "-") || "app"}": … }` };
    }
    yield* connectProblems(`contexts.${name}`, connection);
  }
}

/** What each context says, and all of them as files in a folder; secrets. */
export function resolveContexts(
  contexts: Contexts,
  folder: string,
): { models: pulumi.Output<Record<string, ConnectModel>>; files: pulumi.Output<Record<string, string>> } {
  const entries = Object.entries(contexts).map(([name, connection]) => [name, resolveConnect(connection)] as const);
  const models = pulumi.secret(pulumi.all(Object.fromEntries(entries))) as pulumi.Output<Record<string, ConnectModel>>;
  const files = models.apply((all) => {
    const each = Object.entries(all).flatMap(([name, model]) => Object.entries(connectFiles(name, model, folder)));
    return Object.fromEntries(each);
  });
  return { models, files };
}
