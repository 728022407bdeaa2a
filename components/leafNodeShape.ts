import type { Problem } from "../provider/errors";
import { either, having, input, listOf, objectOf, required, secretText, text } from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { clusterShape, inConfig } from "./clusterShape";
import type { LeafLinkArgs, LeafNodeArgs } from "./leafNodeArgs";

const hubFix = 'hub: east (a nats.Cluster), or { leafnodeUrls: ["tls://hub:7422"] }';
const hub = having("a hub", ["leafnodeUrls"], hubFix);

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
    hub: required(hub, hubFix),
    links: listOf(objectOf<LeafLinkArgs>(link)),
  }),
);

/** What is wrong with a leaf node's arguments before anything is looked at in them. */
export function leafNodeShapeProblems(args: unknown): Problem[] {
  return leafNode(args, "").map(inConfig);
}
