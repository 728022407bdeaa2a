import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../errors";
import { hasUnknown, isUnknown } from "../host/handler";
import type { ChangeKind, Handler } from "../host/handler";
import { orderProblems, superClusterProblems } from "../model/superCluster";
import type { RemoteCluster, RegionModel } from "../model/superCluster";
import { notImportable } from "./notImportable";

export interface RegionsInputs {
  readonly order: readonly string[];
  readonly regions: Readonly<Record<string, RegionModel>>;
  readonly joined?: readonly RemoteCluster[];
  readonly problems?: readonly Problem[];
}

/** A record of which regions there are; the id is the name of the first. */
export const regionsHandler: Handler<RegionsInputs, RegionsInputs> = {
  kind: "Regions",
  schema: 1,

  async check(_context, olds, news) {
    const { problems: given, ...inputs } = news;
    const problems: Problem[] = isUnknown(given) ? [] : [...(given ?? [])];
    if (!hasUnknown(inputs.order)) problems.push(...orderProblems(olds?.order ?? [], inputs.order));
    problems.push(
      ...superClusterProblems(knownRegions(inputs), hasUnknown(inputs.joined) ? [] : (inputs.joined ?? [])),
    );
    return { inputs, problems };
  },

  async diff(_context, _id, olds, news) {
    const changes: Record<string, ChangeKind> = {};
    if (JSON.stringify(olds.order) !== JSON.stringify(news.order)) changes["order"] = "update";
    for (const name of new Set([...Object.keys(olds.regions), ...Object.keys(news.regions)])) {
      const [from, to] = [olds.regions[name], news.regions[name]];
      if (!isDeepStrictEqual(from, to)) changes[`regions.${name}`] = from ? (to ? "update" : "delete") : "add";
    }
    if (!isDeepStrictEqual(olds.joined ?? [], news.joined ?? [])) changes["joined"] = "update";
    return { changes };
  },

  async create(_context, inputs) {
    return { id: inputs.order[0] ?? "none", state: inputs };
  },

  async read(_context, id, state) {
    if (!state) throw notImportable("Regions", id, "it is no object of a server", "new nats.SuperCluster(…) makes it");
    return { inputs: state, state };
  },

  async update(_context, _id, _olds, news) {
    return news;
  },

  async delete() {},
};

/** What stands for parts that are made by the same `up`: they are there, and nothing more can be said of them. */
function standIns(region: RegionModel): RegionModel {
  const { cluster, servers } = region;
  const tls = region.ca === undefined ? {} : { ca: "" };
  return { cluster, servers, gatewayUrls: ["nats://127.0.0.1:1"], ...tls, jetstream: false };
}

/** Regions in their order, each without what is not known yet. */
function knownRegions({ order, regions }: RegionsInputs): Record<string, RegionModel> {
  if (isUnknown(order) || isUnknown(regions)) return {};
  const known = order.flatMap((name): [string, RegionModel][] => {
    const region = regions[name];
    if (region === undefined || isUnknown(region) || isUnknown(region.cluster) || isUnknown(region.servers)) return [];
    // A certificate of the program's own is held against addresses.
    const open = hasUnknown(region.gatewayUrls) ? ["gatewayUrls", "cert"] : [];
    const known = Object.entries(region).filter(([part, value]) => !hasUnknown(value) && !open.includes(part));
    return [[name, { ...standIns(region), ...Object.fromEntries(known) }]];
  });
  return Object.fromEntries(known);
}
