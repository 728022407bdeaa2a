import { joinPath } from "../provider/conf/path";
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
import { clusterShape, elsewhere } from "./clusterShape";
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
  objectOf<LeafNodeArgs>(
    {
      ...clusterShape,
      ...link,
      leafnodes,
      hub: required(hub, hubFix),
      links: listOf(objectOf<LeafLinkArgs>(link)),
    },
    { elsewhere },
  ),
);

/** What is wrong with a leaf node's arguments before anything is looked at in them. */
export function leafNodeShapeProblems(args: unknown): Problem[] {
  const problems = leafNode(args, "");
  if (problems.length > 0) return problems;
  const { links = [] } = args as LeafNodeArgs;
  return [args as LeafLinkArgs, ...links].flatMap((one, index) => [
    ...loginProblems(one, index === 0 ? "" : joinPath("links", index - 1)),
  ]);
}

/** What would else be left out without a word. */
function* loginProblems({ user, password, creds }: LeafLinkArgs, at: string): Generator<Problem> {
  if (creds !== undefined && (user ?? password) !== undefined) {
    const reason = "stands beside user and password: one kind of credentials counts";
    yield { path: joinPath(at, "creds"), reason, fix: "without creds, or without user and password" };
  } else if (password !== undefined && user === undefined) {
    const reason = "is of no use without the user at the hub whose it is";
    yield { path: joinPath(at, "password"), reason, fix: `${joinPath(at, "user")}: "edge"` };
  }
}
