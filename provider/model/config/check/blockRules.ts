import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { kindOf } from "./context";
import type { CheckContext } from "./context";
import { member } from "./member";
import type { Rule } from "./rules";
import { checkDuration, checkUrl } from "./scalars";
import { parseGoDuration } from "../../units";

/** Rules of blocks other than users and accounts, by place. */
export const blockRules: Readonly<Record<string, Rule>> = {
  "": topLevel,
  resolver,
  leafnodes: (value, path, context) => duplicateRemotes(member(value, "remotes"), joinPath(path, "remotes"), context),
  "leafnodes.remotes[]": remote,
  "leafnodes.remotes[].jetstream_cluster_migrate": (value, path, context) => {
    const delay = isConfMap(value) ? value.get("leader_migrate_delay") : undefined;
    if (delay !== undefined) checkDuration(delay, joinPath(path, "leader_migrate_delay"), context);
  },
  "=leafnodes.remotes[].url": remoteUrl,
  "=leafnodes.remotes[].urls": remoteUrl,
};

function topLevel(value: ConfValue, _: string, context: CheckContext): void {
  const jetstream = member(value, "jetstream");
  const own = member(value, "store_dir", "storedir");
  const inner = member(jetstream ?? "", "store_dir", "storedir", "store");
  if (own && inner)
    context.error(
      "store_dir",
      "stands at the top level and in jetstream: only one of them can be given",
      "jetstream.store_dir",
    );
}

function remoteUrl(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string") return checkUrl(value, path, context);
  if (!isConfList(value))
    return context.error(path, `${kindOf(value)} stands where a URL or a list of URLs is expected`);
  const seen = new Set<ConfValue>();
  value.forEach((url, index) => {
    if (typeof url !== "string")
      return context.error(joinPath(path, index), `${kindOf(url)} stands where a URL is expected`);
    if (seen.has(url))
      return context.error(joinPath(path, index), "stands in the list twice, which the server warns of");
    seen.add(url);
    checkUrl(url, joinPath(path, index), context);
  });
}

function remote(value: ConfValue, path: string, context: CheckContext): void {
  const isGiven = (text: ConfValue | undefined): boolean => text !== undefined && text !== "";
  if (isGiven(member(value, "credentials", "creds")) && isGiven(member(value, "nkey", "seed")))
    context.error(path, "has credentials and an nkey: only one of them can be given");
  const proxy = member(value, "proxy");
  if (isConfMap(proxy)) proxyProblems(proxy, value, joinPath(path, "proxy"), context);
}

function proxyProblems(proxy: ConfValue, remoteBlock: ConfValue, path: string, context: CheckContext): void {
  const url = member(proxy, "url");
  const [user = "", password = ""] = [member(proxy, "username"), member(proxy, "password")];
  const tls = member(proxy, "tls");
  const timeout = member(proxy, "timeout");
  const span = typeof timeout === "string" ? spanOf(timeout) : 0n;
  if (url === undefined || url === "") {
    if (user !== "" || password !== "" || span !== 0n || tls !== undefined)
      context.error(path, "has no url", 'url: "http://…"');
    return;
  }
  if (typeof url !== "string") return;
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)/.exec(url);
  const scheme = parts?.[1]?.toLowerCase() ?? "";
  if (scheme !== "http" && scheme !== "https")
    return context.error(joinPath(path, "url"), "is neither an http nor an https URL");
  if (parts![2]!.replace(/^.*@/, "") === "") context.error(joinPath(path, "url"), "has no host");
  if (tls !== undefined && scheme !== "https") context.error(joinPath(path, "tls"), "needs an https URL of the proxy");
  if (span < 0n) context.error(joinPath(path, "timeout"), "is less than 0");
  if ((user === "") !== (password === "")) context.error(path, "has only one of username and password");
  const urls = member(remoteBlock, "urls", "url");
  const list = isConfList(urls) ? urls : [urls];
  if (
    member(remoteBlock, "tls") === undefined &&
    list.some((each) => typeof each === "string" && /^wss:/i.test(each.trim()))
  )
    context.error(path, "reaches a wss URL without tls in the remote", "tls { … }");
}

function spanOf(text: string): bigint {
  try {
    return parseGoDuration(text);
  } catch {
    return 0n;
  }
}

function duplicateRemotes(value: ConfValue | undefined, path: string, context: CheckContext): void {
  if (!isConfList(value)) return;
  const seen = new Set<string>();
  value.forEach((each, index) => {
    if (!isConfMap(each)) return;
    const urls = member(each, "urls", "url");
    const account = member(each, "account", "local");
    const key = member(each, "credentials", "creds") ?? member(each, "nkey", "seed") ?? "";
    const name = JSON.stringify(
      [isConfList(urls) ? urls : [urls ?? ""], account === undefined || account === "" ? "$G" : account, key],
      (_, part: unknown) => (typeof part === "bigint" ? String(part) : part),
    );
    if (seen.has(name))
      context.error(joinPath(path, index), "is the same remote as another one: same URLs, account and credentials");
    seen.add(name);
  });
}

function resolver(value: ConfValue, path: string, context: CheckContext): void {
  if (!isConfMap(value)) return;
  const type = value.get("type");
  const kind = typeof type === "string" ? type.toUpperCase() : "";
  if (!["CACHE", "FULL", "MEM", "MEMORY"].includes(kind))
    return context.error(joinPath(path, "type"), "is none of full, cache, memory", "full");
  if (kind.startsWith("MEM")) return;
  const dir = value.get("dir");
  if (dir === undefined || dir === "") context.error(path, "has no dir", 'dir: "jwt"');
  const allows = value.get("allow_delete") === true;
  const span = (key: string): bigint => (typeof value.get(key) === "string" ? spanOf(value.get(key) as string) : 0n);
  if (kind === "CACHE") {
    if (span("interval") !== 0n) context.error(joinPath(path, "interval"), "is only for resolvers of type full");
    if (allows) context.error(joinPath(path, "allow_delete"), "is only for resolvers of type full");
    if (value.has("hard_delete")) context.error(joinPath(path, "hard_delete"), "is only for resolvers of type full");
  } else {
    if (span("ttl") !== 0n) context.error(joinPath(path, "ttl"), "is only for resolvers of type cache");
    if (value.has("hard_delete") && !allows)
      context.error(joinPath(path, "hard_delete"), "has no effect without allow_delete", "allow_delete: true");
  }
}
