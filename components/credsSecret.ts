import * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../provider/errors";
import { having, input, mapOf, partOf, required, secretText, such } from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { credsProblem } from "../provider/model/jwt/creds";
import { isLater } from "./resolveInputs";

type Users = Readonly<Record<string, { readonly creds: pulumi.Input<string> }>>;

/**
 * The `stringData` of a Kubernetes Secret with creds files, by file name; a secret. For `new k8s.core.v1.Secret(…)`, to be
 * mounted where a workload reads its creds. New creds replace the Secret, and what names it; with a provider that has
 * `enableSecretMutable: true` they change it in place, and pods find them in their files. Errors: a file name that a Secret can't hold,
 * something else than users.
 *
 * @example
 * ```ts
 * const provider = new k8s.Provider("workloads", { enableSecretMutable: true });
 * new k8s.core.v1.Secret("nexus-creds", { stringData: nats.credsSecret({ "nexus.creds": nexus }) }, { provider });
 * ```
 */
export function credsSecret(users: Users): pulumi.Output<Record<string, string>> {
  refuse(shape(users, ""));
  const entries = Object.entries(users);
  refuse(
    entries.flatMap(([file, { creds }]) => [...fileProblems(file), ...(isLater(creds) ? [] : credsOf(file, creds))]),
  );
  const all = pulumi.output(
    Object.fromEntries(entries.map(([file, user]) => [file, user.creds])) as Record<string, pulumi.Input<string>>,
  );
  return pulumi.secret(
    all.apply((known) => {
      // What was known only now.
      refuse(Object.entries(known).flatMap(([file, creds]) => credsOf(file, creds)));
      return known;
    }),
  );
}

const fix = '{ "nexus.creds": nexus } (the nats.User), or { "nexus.creds": { creds } }';
const isUser = having("a user", ["creds"], fix);
const creds = required(input(secretText), "creds: nexus.creds");
/** A resource is no plain object, and its creds are known later. */
const user: Argument = (value, path) => {
  const problems = isUser(value, path);
  return problems.length > 0 || pulumi.Resource.isInstance(value)
    ? problems
    : partOf<{ creds: string }>({ creds })(value, path);
};
const shape = required(such(mapOf(required(user, fix)), fix), fix);

function credsOf(file: string, text: unknown): ReturnType<Argument> {
  const path = `["${file}"].creds`;
  return typeof text === "string" ? credsProblem(text, path) : creds(text, path);
}

function fileProblems(file: string): ReturnType<Argument> {
  if (/^[-._a-zA-Z0-9]{1,253}$/.test(file) && !/^\.{1,2}$/.test(file)) return [];
  const better = file.replace(/[^-._a-zA-Z0-9]+/g, "-").replace(/^-+/, "") || "user.creds";
  const reason = `${JSON.stringify(file)} can't name a file of a Secret: letters, digits, "-", "_" and "." can`;
  return [{ path: `["${file}"]`, reason, fix: `"${better}"` }];
}

function refuse(problems: ReturnType<Argument>): void {
  if (problems.length > 0) throw new ProblemsError("nats.credsSecret", problems);
}
