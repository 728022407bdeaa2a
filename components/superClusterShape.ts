import type { Problem } from "../provider/errors";
import { input, listOf, mapOf, object, objectOf, required, secretText, such, text } from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { clusterShape, elsewhere, keyMeant } from "./clusterShape";
import type { GatewayRecord, OwnGatewayKeys, RegionArgs, SuperClusterArgs } from "./superClusterArgs";

const { target, name, operator, gateway: _gateway, ...shared } = clusterShape;

const ownGatewayKeys = new Set<string>(
  Object.keys({
    name: true,
    host: true,
    port: true,
    listen: true,
    gateways: true,
    authorization: true,
    rejectUnknownCluster: true,
  } satisfies Record<OwnGatewayKeys, true>),
);

/** A region's gateway is a part of the supercluster's own. */
const gateway: Argument = (value, path) => {
  const problems = object(value, path);
  const own = Object.keys(problems.length > 0 ? {} : (value ?? {})).filter((key) => ownGatewayKeys.has(key));
  const reason = "the supercluster sets this itself, the same for all of its regions";
  return [...problems, ...own.map((key) => ({ path: `${path}.${key}`, reason, fix: "leave it out" }))];
};

/** Gateways are each region's own. */
const elsewhereInWorld: typeof elsewhere = (key) =>
  keyMeant(key) === "gateway" ? 'regions: { "us-east": { target, gateway: { … } } }' : elsewhere(key);

const region = objectOf<RegionArgs>({ ...shared, target, name, gateway }, { elsewhere });

const regionsFix = 'regions: { "us-east": { target: nats.hosts(["10.0.1.11"]) } }';
const regions: Argument = (value, path) => {
  const problems = mapOf(required(region))(value, path);
  const isEmpty = problems.length === 0 && value !== undefined && Object.keys(value as object).length === 0;
  return isEmpty ? [{ path, reason: "there is no region" }] : problems;
};

const joinFix = 'join: new pulumi.StackReference("…").requireOutput("gateway")';
const record = such(
  objectOf<GatewayRecord>({
    clusters: required(input(mapOf(input(listOf(input(text)))))),
    user: required(input(text)),
    password: required(input(secretText)),
  }),
  joinFix,
);
/** What is wrong with a record that became known only while the program ran. */
export const gatewayRecordProblems = (join: unknown): Problem[] => required(record, joinFix)(join ?? undefined, "join");

const superCluster = required(
  objectOf<SuperClusterArgs>(
    {
      ...shared,
      operator,
      regions: required(regions, regionsFix),
      join: input(record),
    },
    { elsewhere: elsewhereInWorld },
  ),
);

/** What is wrong with a supercluster's arguments before anything is looked at in them. */
export function superClusterShapeProblems(args: unknown): Problem[] {
  return superCluster(args, "");
}
