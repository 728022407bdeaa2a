import { checkConf } from "../model/config/checkConf";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import type { ConfMap } from "../conf/value";
import { certificateProblems } from "../model/certificate";
import { parseNode } from "../model/nodeConf";
import type { ParsedNode } from "../model/nodeConf";
import { nodeFiles } from "../model/nodeFiles";
import type { ServersInputs } from "../model/servers";

/** What is wrong with the texts themselves: nats.conf as each server reads it, and the certificates. */
export function configProblems(inputs: ServersInputs, unknown: ReadonlySet<string>): Problem[] {
  const found = new Map<string, Problem>();
  const add = (problem: Problem): void => void found.set(`${problem.path} ${problem.reason}`, problem);
  const texts = Object.keys(inputs.nodes).flatMap((name) => nodeProblems(inputs, name));
  for (const problem of [...texts, ...tlsProblems(inputs, unknown), ...sizeProblems(inputs)]) add(problem);
  return [...found.values()];
}

function nodeProblems(inputs: ServersInputs, node: string): Problem[] {
  let parsed: ParsedNode;
  try {
    parsed = parseNode(nodeFiles(inputs, node));
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    return [{ path: "config", reason: (error as Error).message }];
  }
  const found = checkConf(parsed.conf, { serverVersion: inputs.version }).map((problem) => ({
    ...problem,
    path: "config",
    reason: problem.path === "" ? problem.reason : `${problem.path}: ${problem.reason}`,
  }));
  return inputs.target.kind === "hosts" ? [...found, ...sandboxProblems(parsed.conf)] : found;
}

/** The service of a host may write to its data folder alone. */
function sandboxProblems(conf: ConfMap): Problem[] {
  return ["log_file", "logfile", "pid_file", "pidfile", "ports_file_dir"].flatMap((key): Problem[] => {
    const file = conf.get(key);
    if (typeof file !== "string" || file.startsWith("data/")) return [];
    const isLog = key.startsWith("log");
    const reason = `${key}: the server's service may not write to ${file}, unless a drop-in of its unit lets it (ReadWritePaths)`;
    const fix = isLog
      ? "leave it out: the log is in the journal (journalctl -u nats-<server>)"
      : `"data/${file.split("/").at(-1)}"`;
    return [{ path: "config", reason, fix, severity: "warning" }];
  });
}

/** The certificate that all servers show to clients and to each other. */
function tlsProblems(inputs: ServersInputs, unknown: ReadonlySet<string>): Problem[] {
  const { "tls/server.pem": cert, "tls/ca.pem": ca } = inputs.files;
  const key = inputs.secretFiles["tls/server.key"];
  const paths = ["files", "secretFiles", "files.tls/server.pem", "files.tls/ca.pem", "secretFiles.tls/server.key"];
  if (cert === undefined || paths.some((path) => unknown.has(path))) return [];
  const hosts = Object.values(inputs.nodes).map((node) => new URL(node.clientUrl).hostname.replace(/^\[|\]$/g, ""));
  return certificateProblems({
    cert,
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    hosts: [...new Set(hosts)],
    // Servers show the same certificate to each other when they dial.
    usages: Object.keys(inputs.nodes).length > 1 ? ["server", "client"] : ["server"],
    now: new Date(),
    prefix: "tls.",
  });
}

/** How many servers there are, of which the names and the shared text alone tell. */
export function sizeProblems(inputs: ServersInputs): Problem[] {
  const count = Object.keys(inputs.nodes).length;
  if (count === 0) return [{ path: "nodes", reason: "a cluster has at least one server" }];
  if (count % 2 === 1 || !/^\s*"?jetstream"?\s*[:={ ]/m.test(inputs.config)) return [];
  return [
    {
      path: "nodes",
      reason: `${count} servers with JetStream survive the loss of no more servers than ${count - 1} do`,
      fix: `servers: ${count + 1}`,
      severity: "warning",
    },
  ];
}
