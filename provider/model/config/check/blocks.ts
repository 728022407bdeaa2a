import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { keyTree } from "../../facts";
import type { KeyNode } from "../../facts";
import { nearest } from "../propertyName";
import { shapesOf } from "../shape";
import type { Shape } from "../shape";
import { kindOf } from "./context";
import type { CheckContext } from "./context";
import { ruleFor } from "./rules";
import { checkScalar } from "./scalars";

/** Keys and types of a whole configuration, as the server's parser judges them. */
export function checkBlocks(conf: ConfMap, context: CheckContext): void {
  checkBlock(conf, keyTree(), "", "", context);
}

/** `place` is where the block's grammar stands: its canonical path without indexes and names. */
function checkBlock(map: ConfMap, node: KeyNode, place: string, path: string, context: CheckContext): void {
  const grammar = grammarOf(node, place);
  for (const [key, value] of map) {
    const where = joinPath(path, key);
    const member = grammar.find(key);
    if (!member) {
      if (!grammar.ignores && (grammar.strict || !context.isUsedVariable(where)))
        unknownKey(key, grammar.node, where, context);
      else if (grammar.ignores) context.warn(where, `${key} is not a key here: the server passes it over in silence`);
      continue;
    }
    checkValue(value, member, `${place === "" ? "" : `${place}.`}${member.key}`, where, context);
  }
  ruleFor(place)?.(map, path, context);
}

function checkValue(value: ConfValue, node: KeyNode, place: string, path: string, context: CheckContext): void {
  const shapes = shapesOf(node);
  const inner = shapes.find((shape) => shape.is === "block" || shape.is === "map");
  const list = shapes.find((shape) => shape.is === "list");
  if (isConfMap(value) && inner?.is === "block") checkBlock(value, inner.node, place, path, context);
  else if (isConfMap(value) && inner?.is === "map") checkMap(value, inner.of, node, place, path, context);
  else if (isConfList(value) && list?.is === "list" && list.of[0]!.is === "block") {
    const block = list.of[0]!.node;
    value.forEach((member, index) => {
      const where = joinPath(path, index);
      if (isConfMap(member)) checkBlock(member, block, `${place}[]`, where, context);
      else context.error(where, `${kindOf(member)} stands where a map is expected`, "{ … }");
    });
  } else if (!checkPlain(value, node, shapes, path, context)) return;
  ruleFor(`=${place}`)?.(value, path, context);
}

/** A value that is no block: true when it may stand here. */
function checkPlain(
  value: ConfValue,
  node: KeyNode,
  shapes: readonly Shape[],
  path: string,
  context: CheckContext,
): boolean {
  const takesBlock = shapes.some((shape) => shape.is === "block" || shape.is === "map" || isBlockList(shape));
  // Any other value of accounts is passed over in silence, which the traps report.
  if (node.fact?.path === "accounts" && !isConfList(value)) return true;
  if (!takesBlock && node.fact) return checkScalar(value, node.fact, path, context);
  const fits = shapes.some((shape) => fitsPlain(value, shape));
  if (fits) return true;
  const list = shapes.find(isBlockList);
  const wanted = shapes.map(wantedText).join(" or ");
  context.error(path, `${kindOf(value)} stands where ${wanted} is expected`, list ? "[ { … } ]" : "{ … }");
  return false;
}

function isBlockList(shape: Shape): boolean {
  return shape.is === "list" && shape.of[0]!.is === "block";
}

function fitsPlain(value: ConfValue, shape: Shape): boolean {
  if (shape.is === "bool") return typeof value === "boolean";
  if (shape.is === "text" || shape.is === "word") return typeof value === "string";
  return (
    shape.is === "list" &&
    isConfList(value) &&
    shape.of[0]!.is === "text" &&
    value.every((member) => typeof member === "string")
  );
}

function wantedText(shape: Shape): string {
  if (shape.is === "bool") return "true or false";
  if (shape.is === "text" || shape.is === "word") return "text";
  return shape.is === "list" ? "a list" : "a map";
}

function checkMap(
  map: ConfMap,
  of: readonly Shape[],
  node: KeyNode,
  place: string,
  path: string,
  context: CheckContext,
): void {
  const block = of.find((shape) => shape.is === "block");
  const isAccounts = node.key === "accounts";
  for (const [name, value] of map) {
    const where = joinPath(path, name);
    if (isAccounts && context.isUsedVariable(where)) continue;
    if (block?.is !== "block") {
      if (!of.some((shape) => fitsPlain(value, shape)))
        context.error(where, `${kindOf(value)} stands where ${of.map(wantedText).join(" or ")} is expected`);
    } else if (isConfMap(value)) checkBlock(value, block.node, `${place}.*`, where, context);
    else if (isConfList(value) && !isAccounts)
      value.forEach((member, index) => {
        if (isConfMap(member)) checkBlock(member, block.node, `${place}.*`, joinPath(where, index), context);
        else
          context.error(
            joinPath(where, index),
            `${kindOf(member)} stands where a destination is expected`,
            "{ destination: …, weight: 100% }",
          );
      });
    else if (typeof value !== "string" || isAccounts)
      context.error(where, `${kindOf(value)} stands where a map is expected`, "{ … }");
  }
}

interface Grammar {
  readonly node: KeyNode;
  /** Unknown keys are refused even where they serve as variables. */
  readonly strict: boolean;
  /** Unknown keys are passed over in silence. */
  readonly ignores: boolean;
  find(key: string): KeyNode | undefined;
}

/** Which keys a block takes, where the parser takes others than are of use there. */
function grammarOf(node: KeyNode, place: string): Grammar {
  const isTls = /(^|\.)(resolver_)?tls$/.test(place);
  const exact = /(\.certs\[\]|^ocsp|^resolver|\.latency|\.jetstream_cluster_migrate)$/.test(place);
  const wider = isTls && place !== "leafnodes.remotes[].proxy.tls" ? widestTls() : undefined;
  const borrowed = /^(cluster|gateway)\.authorization$/.test(place)
    ? keyTree().members.get("authorization")
    : undefined;
  return {
    node,
    strict: isTls || /(\.certs\[\]|^ocsp|\.ocsp_peer|^ocsp_cache|mappings\.\*)$/.test(place),
    ignores: /(^resolver|\.latency|\.jetstream_cluster_migrate)$/.test(place),
    find: (key) => {
      const spelling = exact ? key : key.toLowerCase();
      return node.members.get(spelling) ?? wider?.get(spelling) ?? borrowed?.members.get(spelling);
    },
  };
}

/** Every key that the parser takes in a tls block, of use there or not. */
function widestTls(): ReadonlyMap<string, KeyNode> {
  const tree = keyTree();
  return (tlsMembers ??= new Map([
    ...tree.members.get("cluster")!.members.get("tls")!.members,
    ...tree.members.get("tls")!.members,
  ]));
}

let tlsMembers: ReadonlyMap<string, KeyNode> | undefined;

function unknownKey(key: string, node: KeyNode, path: string, context: CheckContext): void {
  const meant = nearest(key, [...node.members.keys()]);
  context.error(path, `unknown field ${JSON.stringify(key)}`, meant);
}
