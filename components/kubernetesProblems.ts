import type { Problem } from "../provider/errors";
import { parseSize, UnitError } from "../provider/model/units";
import type { KubernetesArgs, KubernetesExposure } from "./kubernetesArgs";
import { namespaceProblem } from "./kubernetesNames";

/** What is wrong with the options themselves. */
export function* kubernetesProblems(args: Partial<KubernetesArgs>): Generator<Problem> {
  const { namespace, servers = 3, volume = {} } = args;
  const misnamed = namespace === undefined ? undefined : namespaceProblem(namespace);
  if (misnamed) yield misnamed;
  if (!Number.isInteger(servers) || servers < 1 || servers > 99) {
    yield { path: "servers", reason: `${servers}: a whole number from 1 to 99 is wanted`, fix: "servers: 3" };
  }
  if (volume.size !== undefined) yield* sizeProblems(volume.size);
  const isClaim = (volume.kind ?? "claim") === "claim";
  for (const key of ["storageClass", "accessMode"] as const) {
    if (volume[key] === undefined || isClaim) continue;
    const reason = `says how a claim is made, and "${volume.kind}" makes none`;
    yield { path: `volume.${key}`, reason, fix: `without ${key}, or kind: "claim"` };
  }
  if (args.provider !== undefined && args.context !== undefined) {
    yield { path: "context", reason: "is given beside a provider, which has a context of its own", fix: "one of both" };
  }
  yield* exposureProblems("gateway", args.gateway);
  yield* exposureProblems("leafnodes", args.leafnodes);
}

function* sizeProblems(size: string): Generator<Problem> {
  try {
    if (parseSize(size) > 0n) return;
    yield { path: "volume.size", reason: `"${size}" leaves no room`, fix: 'size: "10GiB"' };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    yield { path: "volume.size", reason: error.message, fix: error.fix ?? 'size: "10GiB"' };
  }
}

function* exposureProblems(path: string, exposure: KubernetesExposure = {}): Generator<Problem> {
  const { type = "ClusterIP", address, nodePort } = exposure;
  if (type === "NodePort" && (nodePort === undefined || address === undefined)) {
    const reason = "others dial a node's address and port, so both must be known";
    yield {
      path: `${path}.nodePort`,
      reason,
      fix: `{ type: "NodePort", address: "node.example.com", nodePort: 30222 }`,
    };
  }
  if (type !== "NodePort" && nodePort !== undefined) {
    yield {
      path: `${path}.nodePort`,
      reason: `a ${type} has no port of its own on the nodes`,
      fix: 'type: "NodePort"',
    };
  }
  if (nodePort !== undefined && (nodePort < 1 || nodePort > 65535)) {
    yield { path: `${path}.nodePort`, reason: `port ${nodePort}: 1 to 65535 is wanted`, fix: "nodePort: 30222" };
  }
  if (nodePort !== undefined && address?.includes("{pod}")) {
    const reason = "several Services can't share one port of the nodes";
    yield { path: `${path}.nodePort`, reason, fix: 'an address without "{pod}"' };
  }
}
