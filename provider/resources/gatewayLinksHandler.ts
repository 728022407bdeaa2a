import { isDeepStrictEqual } from "node:util";
import { leaveMetaGroup, mustBeLinked, streamsOn } from "../apply/gatewayLinks";
import { RegionConnections } from "../apply/regionConnections";
import type { Problem } from "../errors";
import { NatsError, problemText } from "../errors";
import { isUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Handler } from "../host/handler";
import { leavingRegions } from "../model/gatewayLinks";
import type { GatewayLinksInputs } from "../model/gatewayLinks";
import { milliseconds } from "../model/units";
import { notImportable } from "./notImportable";

export interface GatewayLinksState extends GatewayLinksInputs {
  readonly urls: Readonly<Record<string, readonly string[]>>;
}

/** The id is the names of the regions as they were at first. */
export const gatewayLinksHandler: Handler<GatewayLinksState, GatewayLinksState> = {
  kind: "GatewayLinks",
  schema: 1,
  mixed: ["management", "through"],

  async check(_context, olds, news) {
    if (!olds || isUnknown(news.regions)) return { inputs: news, problems: [] };
    return { inputs: news, problems: await leavingProblems(olds, news) };
  },

  async diff(_context, _id, olds, news) {
    const changes: Record<string, ChangeKind> = {};
    const [from, to] = [olds.regions, news.regions];
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (!isDeepStrictEqual(from[name], to[name])) {
        changes[`regions.${name}`] = from[name] ? (to[name] ? "update" : "delete") : "add";
      }
    }
    for (const key of ["joined", "timeout", "onDataLoss", "urls"] as const) {
      if (!isDeepStrictEqual(olds[key], news[key])) changes[key] = "update";
    }
    return { changes, notes: notesOf(olds, news) };
  },

  async create(context, inputs) {
    await withConnections(inputs, (connections) => link(context, connections, inputs));
    return { id: Object.keys(inputs.regions).join(","), state: inputs };
  },

  async read(_context, id, state) {
    if (!state)
      throw notImportable("GatewayLinks", id, "it is no object of a server", "new nats.SuperCluster(…) makes it");
    return { inputs: state, state };
  },

  async update(context, _id, olds, news) {
    await withConnections(news, async (connections) => {
      const leaving = [...leavingRegions(olds, news)];
      for (const [region, servers] of leaving) {
        await context.info(`taking ${region} out of JetStream's meta group: ${servers.join(", ")}`);
        await leaveMetaGroup(await connections.toAny(), servers, timeoutOf(news));
      }
      await link(context, connections, news);
    });
    return news;
  },

  /** Regions of this program go altogether; where they joined others, these must not count their servers any more. */
  async delete(context, _id, state) {
    if (state.joined.length === 0) return;
    await withConnections(state, async (connections) => {
      const servers = Object.values(state.regions).flatMap((region) => Object.keys(region.servers));
      const connection = await connections.toAny();
      const problem = await streamsProblem(connection, "the regions", servers, state);
      if (problem) throw new NatsError(problemText(problem));
      await context.info(`taking ${servers.join(", ")} out of JetStream's meta group`);
      await leaveMetaGroup(connection, servers, timeoutOf(state));
    });
  },
};

async function link(context: CallContext, connections: RegionConnections, inputs: GatewayLinksInputs): Promise<void> {
  await mustBeLinked(connections, inputs, context.timeout ?? timeoutOf(inputs));
}

async function leavingProblems(olds: GatewayLinksState, news: GatewayLinksState): Promise<Problem[]> {
  const leaving = [...leavingRegions(olds, news)].filter(([name]) => olds.regions[name]!.jetstream);
  if (leaving.length === 0) return [];
  // What runs is asked as it was left: a key that changes in the same `up` is not there yet.
  const staying = Object.fromEntries(Object.entries(olds.regions).filter(([name]) => news.regions[name]));
  return withConnections({ ...olds, regions: staying }, async (connections) => {
    try {
      const connection = await connections.toAny();
      const found = await Promise.all(
        leaving.map(([region, servers]) => streamsProblem(connection, `region ${region}`, servers, news)),
      );
      return found.flatMap((problem) => problem ?? []);
    } catch (error) {
      const reason = `whether streams live in ${leaving.map(([name]) => name).join(", ")} can't be seen: ${(error as Error).message}`;
      return [{ path: "regions", reason }];
    }
  });
}

async function streamsProblem(
  connection: Awaited<ReturnType<RegionConnections["toAny"]>>,
  what: string,
  servers: readonly string[],
  { onDataLoss }: GatewayLinksInputs,
): Promise<Problem | undefined> {
  if (onDataLoss === "allow") return undefined;
  const streams = await streamsOn(connection, servers);
  if (streams.length === 0) return undefined;
  const shown =
    streams.length > 5 ? `${streams.slice(0, 5).join(", ")} and ${streams.length - 5} more` : streams.join(", ");
  return {
    path: "regions",
    reason: `${what} can't leave: streams live there: ${shown}`,
    fix: 'placement: { cluster: "…" } of another region for the streams first, or onDataLoss: "allow"',
  };
}

function notesOf(
  olds: GatewayLinksInputs,
  news: GatewayLinksInputs,
): { readonly severity: "info"; readonly message: string }[] {
  return [...leavingRegions(olds, news)].map(([region, servers]) => ({
    severity: "info",
    message: `region ${region} leaves: ${servers.join(", ")} will be taken out of JetStream's meta group, then stopped`,
  }));
}

async function withConnections<Result>(
  inputs: GatewayLinksInputs,
  work: (connections: RegionConnections) => Promise<Result>,
): Promise<Result> {
  const connections = new RegionConnections(inputs.regions);
  try {
    return await work(connections);
  } finally {
    await connections.close();
  }
}

function timeoutOf({ timeout }: GatewayLinksInputs): number {
  return milliseconds(timeout ?? "2m");
}
