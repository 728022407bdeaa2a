import path from "node:path";
import { findTool } from "../../provider/tools/findTool";
import { mustRun } from "../bed/bedCommand";
import { HostsBed } from "../bed/hosts/hostsBed";
import { previewOfNothing, secondsOf, TimedProject } from "./clusterFigure";
import type { ClusterFigure } from "./clusterFigure";

const program = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const nats = require("pulumi-nats");
const { BENCH_REGIONS, BENCH_KEY: keyFile, BENCH_KNOWN_HOSTS: knownHostsFile } = process.env;
const { BENCH_PAYLOAD: maxPayload = "1MiB", BENCH_SUBSCRIPTIONS: subscriptions } = process.env;
const regions = JSON.parse(BENCH_REGIONS);
const ssh = { user: "root", privateKey: pulumi.secret(readFileSync(keyFile, "utf8")), knownHostsFile };
const args = (addresses) => ({
  target: nats.hosts(addresses.map((address) => ({ address })), { ssh }),
  jetstream: { maxFileStore: "512MiB", maxMemoryStore: "64MiB" },
  accounts: { APP: { jetstream: true, users: [{ user: "app", password: "app-password" }] } },
  config: { maxPayload, ...(subscriptions ? { maxSubscriptions: Number(subscriptions) } : {}) },
});
if (regions.length === 1) new nats.Cluster("east", args(regions[0]));
else {
  const { target: _, ...shared } = args([]);
  new nats.SuperCluster("world", {
    ...shared,
    tls: { issuer: new nats.CertificateAuthority("ca") },
    regions: Object.fromEntries(regions.map((addresses, index) => ["region" + index, { target: args(addresses).target }])),
  });
}
`;

/** Three hosts, against a shell script that does the same by ssh; then three regions of three. */
export async function hostsFigures(): Promise<ClusterFigure[]> {
  return [...(await threeHosts()), ...(await nineHosts())];
}

async function threeHosts(): Promise<ClusterFigure[]> {
  const plain = await onHosts(1, async (bed) => {
    const binary = await findTool("nats-server", "2.15.2");
    const script = async (...args: readonly string[]): Promise<number> =>
      secondsOf(`plainHosts.sh ${args[0]}`, () =>
        mustRun(path.join(__dirname, "plainHosts.sh"), args, { env: { ...bedEnv(bed), BINARY: binary } }),
      );
    const addresses = bed.hosts.map(({ address }) => address);
    return {
      up: await script("install", ...addresses),
      reload: await script("reload", ...addresses),
      restart: await script("restart", ...addresses),
    };
  });
  return onHosts(1, async (bed) => {
    const project = await TimedProject.make(program);
    const env = bedEnv(bed);
    try {
      const up = await project.up(env);
      const nothing = { name: "preview of an empty program", seconds: await previewOfNothing() };
      const unchanged = await project.unchanged(env);
      const reload = await project.up({ ...env, BENCH_PAYLOAD: "2MiB" });
      const restart = await project.up({ ...env, BENCH_PAYLOAD: "2MiB", BENCH_SUBSCRIPTIONS: "10000" });
      const script = (seconds: number) => ({ name: "a shell script over ssh", seconds });
      return [
        { title: "3 hosts: up from nothing", seconds: up, other: script(plain.up) },
        { title: "3 hosts: unchanged preview", seconds: unchanged, other: nothing },
        { title: "3 hosts: hot reload", seconds: reload, other: script(plain.reload) },
        { title: "3 hosts: rolling restart", seconds: restart, other: script(plain.restart) },
      ];
    } finally {
      await project.end(env);
    }
  });
}

function nineHosts(): Promise<ClusterFigure[]> {
  return onHosts(3, async (bed) => {
    const project = await TimedProject.make(program);
    const env = bedEnv(bed);
    try {
      const up = await project.up(env);
      const nothing = { name: "preview of an empty program", seconds: await previewOfNothing() };
      const unchanged = await project.unchanged(env);
      return [
        { title: "9 hosts in 3 regions: up from nothing", seconds: up },
        { title: "9 hosts in 3 regions: unchanged preview", seconds: unchanged, other: nothing },
      ];
    } finally {
      await project.end(env);
    }
  });
}

async function onHosts<Result>(regions: number, work: (bed: HostsBed) => Promise<Result>): Promise<Result> {
  const bed = await HostsBed.up({ regions, hosts: 3 });
  try {
    return await work(bed);
  } finally {
    await bed.down();
  }
}

function bedEnv(bed: HostsBed): Record<string, string> {
  const regions: string[][] = [];
  for (const { region, address } of bed.hosts) (regions[region - 1] ??= []).push(address);
  return {
    BENCH_REGIONS: JSON.stringify(regions),
    BENCH_KEY: bed.keyFile,
    BENCH_KNOWN_HOSTS: bed.knownHostsFile,
  };
}
