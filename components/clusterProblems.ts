import { joinPath, splitPath } from "../provider/conf/path";
import { isConfList, isConfMap } from "../provider/conf/value";
import type { ConfMap, ConfValue } from "../provider/conf/value";
import { isError } from "../provider/errors";
import type { Problem } from "../provider/errors";
import { propertyName } from "../provider/model/config/propertyName";
import { factFor } from "../provider/model/facts";
import { hasToken, isOpen } from "../provider/render/serverConf";
import { topLevelBlocks } from "./clusterArgs";
import type { ClusterArgs, ClusterTlsArgs } from "./clusterArgs";

/** What is wrong with the arguments beside the blocks of nats.conf. */
export function argumentProblems(clusterName: string, args: ClusterArgs): Problem[] {
  return [
    ...nameProblems(clusterName, args),
    ...(args.tls ? tlsProblems(args.tls) : []),
    ...Object.keys(args.files ?? {}).flatMap((path) => fileProblems("files", path)),
    ...Object.keys(args.secretFiles ?? {}).flatMap((path) => fileProblems("secretFiles", path)),
  ];
}

const ownFiles = /^(nats\.conf|node\.conf|secrets\.conf|nats-server\.service|tls\/(ca|server)\.(pem|key))$/;

function fileProblems(block: string, path: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ path: `${block}["${path}"]`, reason, fix: '"hub/ca.pem"' }];
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path)) {
    return problem('a relative path of letters, digits, ".", "-" and "_" is wanted');
  }
  return ownFiles.test(path) ? problem("the cluster writes this file itself") : [];
}

/** True where the certificates are there to be used. */
export function isUsable(tls: ClusterTlsArgs): boolean {
  return tlsProblems(tls).length === 0;
}

function nameProblems(name: string, args: ClusterArgs): Problem[] {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return [];
  const better = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "") || "east";
  const source = args.name === undefined ? "the resource's name" : "the name";
  const reason = `${source} ${JSON.stringify(name)} can't name a cluster: only letters, digits, "-" and "_" can`;
  return [{ path: "name", reason, fix: `name: "${better}"` }];
}

function tlsProblems(tls: ClusterTlsArgs): Problem[] {
  const own = (["cert", "key", "ca"] as const).filter((part) => tls[part] !== undefined);
  if (tls.issuer) {
    const reason = "is given beside an issuer, which makes the certificate itself";
    return own.map((part) => ({ path: `tls.${part}`, reason, fix: "issuer, or cert, key and ca" }));
  }
  if (own.length === 0) {
    const fix = 'tls: { issuer: new nats.CertificateAuthority("ca") }, or tls: { cert, key, ca } with PEM texts';
    return [{ path: "tls", reason: "there is neither an issuer nor a certificate", fix }];
  }
  const missing = (["cert", "key", "ca"] as const).filter((part) => tls[part] === undefined);
  const unused = (["hosts", "validity", "renewBefore"] as const).filter((part) => tls[part] !== undefined);
  return [
    ...missing.map((part) => ({
      path: `tls.${part}`,
      reason: `is missing beside ${own.map((name) => `tls.${name}`).join(" and ")}`,
      fix: `${part}: readFileSync("${part}.pem", "utf8")`,
    })),
    ...unused.map((part) => ({
      path: `tls.${part}`,
      reason: "says what the issuer shall make, and your own certificate is made already",
      fix: `without ${part}, or with an issuer in place of cert, key and ca`,
    })),
  ];
}

/** What only the cluster as a whole can tell of a configuration. */
export function settingsProblems(conf: ConfMap): Problem[] {
  return [...accessProblems(conf), ...emptySecrets(conf, "", ""), ...remoteProblems(conf)];
}

function accessProblems(conf: ConfMap): Problem[] {
  const problems: Problem[] = [];
  if (conf.get("no_system_account") === true) {
    const reason = "without a system account nobody can be told to reload, and no server can leave JetStream's peers";
    problems.push({ path: "config.noSystemAccount", reason, fix: "leave it out" });
  }
  if (hasToken(conf) && conf.has("accounts")) {
    const reason = "the server takes no token beside accounts";
    problems.push({ path: "authorization.token", reason, fix: "a user with a password in one of the accounts" });
  }
  return problems;
}

/** A warning of a cluster that lets anyone in; who may connect can't be told where something is wrong with just that. */
export function openProblems(conf: ConfMap, told: readonly Problem[]): Problem[] {
  if (!isOpen(conf) || told.some((problem) => isError(problem) && isOfAccess(problem))) return [];
  const reason = "no user is declared, so anyone who reaches a server may publish, subscribe and manage streams";
  const fix = 'accounts: { APP: { users: [{ user: "app", password }] } }';
  return [{ path: "accounts", reason, fix, severity: "warning" }];
}

function isOfAccess({ path, meant = path }: Problem): boolean {
  const [block, member] = splitPath(meant) ?? [];
  return ["accounts", "authorization"].includes(String(block === "config" ? member : block));
}

/** Without a listener a hub has no address. */
function remoteProblems(conf: ConfMap): Problem[] {
  const leafnodes = conf.get("leafnodes");
  const remotes = isConfMap(leafnodes) ? leafnodes.get("remotes") : undefined;
  if (!isConfList(remotes)) return [];
  return remotes.flatMap((remote, index): Problem[] => {
    const urls = isConfMap(remote) ? remote.get("urls") : undefined;
    if (!isConfList(urls) || urls.length > 0) return [];
    const reason = "the hub has no address for leaf nodes";
    return [{ path: `leafnodes.remotes[${index}].urls`, reason, fix: "leafnodes: {} at the hub" }];
  });
}

/** The server takes an empty password as none: anyone may be that user. */
function emptySecrets(value: ConfValue, path: string, shown: string): Problem[] {
  if (isConfMap(value)) {
    return [...value].flatMap(([key, member]) =>
      emptySecrets(member, joinPath(path, key), joinPath(shown, shownName(joinPath(path, key), key))),
    );
  }
  if (isConfList(value)) {
    return value.flatMap((member, index) => emptySecrets(member, joinPath(path, index), `${shown}[${index}]`));
  }
  if (value !== "" || factFor(path)?.secret !== true) return [];
  return [{ path: argumentPath(shown), reason: "is empty, which protects nothing", fix: "a value, or leave it out" }];
}

/** A key as the program writes it; a name that the program gave, such as an account's, stays as it is. */
function shownName(path: string, key: string): string {
  const fact = factFor(path);
  const isKey = fact?.path.split(".").at(-1) === key || fact?.aliases?.includes(key);
  return isKey ? propertyName(key) : key;
}

/** Where a setting stands in the arguments. */
export function argumentPath(path: string): string {
  const [block = ""] = path.split(/[.[]/);
  return (topLevelBlocks as readonly string[]).includes(block) ? path : `config.${path}`;
}
