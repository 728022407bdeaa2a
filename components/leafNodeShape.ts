import type { Problem } from "../provider/errors";
import {
  either,
  having,
  input,
  listOf,
  object,
  objectOf,
  partOf,
  required,
  secretText,
  such,
  text,
} from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { clusterShape, inConfig } from "./clusterShape";
import type { LeafHub, LeafLinkArgs, LeafNodeArgs } from "./leafNodeArgs";

const hubFix = 'hub: east (a nats.Cluster), or { leafnodeUrls: ["tls://hub:7422"] }';
const urls = required(input(listOf(input(text))), 'leafnodeUrls: ["tls://hub:7422"]');
/** A cluster, or its addresses. */
const hub: Argument = (value, path) => {
  const problems = having("a hub", ["leafnodeUrls"], hubFix)(value, path);
  if (problems.length > 0 || value === undefined) return problems;
  const { leafnodeUrls, caCertificate } = value as LeafHub;
  return [...urls(leafnodeUrls, `${path}.leafnodeUrls`), ...input(text)(caCertificate, `${path}.caCertificate`)];
};
/** Links are further remotes of the block. */
const leafnodes = such(
  partOf<{ readonly remotes?: unknown }>({ remotes: listOf(input(object)) }),
  "leafnodes: { remotes: [ … ] }, known when the program runs",
);

const link: { readonly [Key in keyof Required<LeafLinkArgs>]: Argument } = {
  hub,
  account: either(having("an account", ["publicKey"]), input(text)),
  user: input(text),
  password: input(secretText),
  creds: input(secretText),
  denyImports: input(listOf(input(text))),
  denyExports: input(listOf(input(text))),
};

const leafNode = required(
  objectOf<LeafNodeArgs>({
    ...clusterShape,
    ...link,
    leafnodes,
    hub: required(hub, hubFix),
    links: listOf(objectOf<LeafLinkArgs>(link)),
  }),
);

/** What is wrong with a leaf node's arguments before anything is looked at in them. */
export function leafNodeShapeProblems(args: unknown): Problem[] {
  return leafNode(args, "").map(inConfig);
}
