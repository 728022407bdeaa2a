import type { Problem } from "../provider/errors";

/** What is wrong with the name of a namespace, which is one label in DNS. */
export function namespaceProblem(namespace: string): Problem | undefined {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace) && namespace.length <= 63) return undefined;
  const reason = `"${namespace}" can't name a namespace: at most 63 lower-case letters, digits and "-" can`;
  return { path: "namespace", reason, fix: 'namespace: "nats"' };
}

/** What is wrong with a name that all objects of a component begin with; without a letter in it, `example` is the fix. */
export function objectNameProblem(name: string, example: string): Problem | undefined {
  // Pods' names, with an ordinal or a hash, are labels in DNS; a revision's hash is a label's value.
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 52) return undefined;
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 52)
    .replace(/-+$/, "");
  const reason = `"${name}" can't name objects of Kubernetes: at most 52 lower-case letters, digits and "-", a letter first`;
  return { path: "name", reason, fix: `name: "${better || example}"` };
}
