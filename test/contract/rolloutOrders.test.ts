import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { StreamConfig } from "nats";
import { issueAuthority, issueCertificate, newPrivateKey } from "../../provider/apply/x509";
import { Reach } from "../../provider/apply/rollout/reach";
import type { Routez, Varz } from "../../provider/apply/serverAnswers";
import { unknownValue } from "../../provider/host/handler";
import { waitFor } from "../../provider/apply/wait";
import type { ServersInputs } from "../../provider/model/servers";
import { ServersBed } from "../bed/serversBed";
import { ServersProgram } from "../bed/serversProgram";
import { managerOf } from "../bed/managerOf";

describe("Changes that need an order over the servers", function () {
  this.timeout(300_000);
  let bed: ServersBed;
  let program: ServersProgram;

  beforeEach(async () => {
    bed = await ServersBed.make();
    program = new ServersProgram(bed);
  });
  afterEach(() => bed.dispose());

  it("brings authorization to the routes: credentials first, then authorization, nothing lost", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const pids = await bed.pids();
    const inputs = authorized(bed, "first");
    const { notes } = await program.preview(inputs);
    assert.equal(notes.length, 2);
    assert.match(notes[0]!, /^hot reload on east-1, east-2, east-3: routes with the new addresses and credentials/);
    assert.match(
      notes[1]!,
      /^ordered reload, all servers at the same moment \(east-1, east-2, east-3\): .*cluster\.authorization/,
    );
    const result = await underLoad(() => program.up(inputs));
    assert.deepEqual(result, { lost: 0, duplicated: 0 });
    assert.deepEqual(await bed.pids(), pids);
    // The next restart finds its way in with the credentials: authorization first would have shut it out.
    await program.up(authorized(bed, "first", "max_subscriptions: 9000"));
    const rotated = authorized(bed, "second", "max_subscriptions: 9000");
    assert.ok(!JSON.stringify(await program.preview(rotated)).includes("second"));
    await program.up(rotated);
    assert.deepEqual(await program.preview(rotated), { paths: [], notes: [] });
  });

  it("brings TLS to the routes and makes all of them anew, nothing lost", async () => {
    const authority = await makeAuthority();
    const files = await authority.issue(40);
    await program.up({ ...bed.inputs(), ...files });
    await program.makeStream("ORDERS");
    const inputs = { ...bed.inputs({ clusterExtra: routeTls }), ...files };
    const { notes } = await program.preview(inputs);
    assert.match(notes[0]!, /^ordered reload, all servers at the same moment .*cluster\.tls/);
    assert.match(notes[1]!, /^rolling restart, one server at a time .*its routes are older than cluster\.tls/);
    const before = await bed.pids();
    assert.deepEqual(await underLoad(() => program.up(inputs)), { lost: 0, duplicated: 0 });
    const after = await bed.pids();
    assert.ok(before.every((pid, index) => pid !== after[index]));
    for (const varz of await varzOf(inputs)) assert.equal(varz.cluster?.tls_required, true);
    assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
  });

  it("serves a new certificate after a hot reload, with the same processes", async () => {
    const authority = await makeAuthority();
    const tls = { extra: clientTls };
    await program.up(withTls({ ...bed.inputs(tls), ...(await authority.issue(40)) }, authority.ca));
    const pids = await bed.pids();
    const next = withTls({ ...bed.inputs(tls), ...(await authority.issue(60)) }, authority.ca);
    const { paths, notes } = await program.preview(next);
    assert.deepEqual(paths, ["files.tls/server.pem", "secretFiles.tls/server.key"]);
    assert.deepEqual(notes, [
      "hot reload on east-1, east-2, east-3: certificates change (tls/server.key, tls/server.pem)",
    ]);
    await program.up(next);
    assert.deepEqual(await bed.pids(), pids);
    for (const varz of await varzOf(next)) {
      const days = (Date.parse(varz.tls_cert_not_after!) - Date.now()) / 86_400_000;
      assert.ok(days > 55, `ends in ${days} days`);
    }
    assert.deepEqual(await program.preview(next), { paths: [], notes: [] });

    const expired = await authority.issue(-1);
    await loadByHand({ ...expired.files, ...expired.secretFiles });
    for (const varz of await varzOf(next)) assert.ok(Date.parse(varz.tls_cert_not_after!) < Date.now());
    const late = await program.preview(next);
    assert.match(late.notes[0]!, /^hot reload on east-1, east-2, east-3: certificates change/);
    await program.up(next);
    assert.deepEqual(await bed.pids(), pids);
    for (const varz of await varzOf(next)) assert.ok(Date.parse(varz.tls_cert_not_after!) > Date.now());
  });

  it("renews certificates that have all expired where both sides show theirs, also with the routes gone, nothing lost", async () => {
    const authority = await makeAuthority();
    const by = async (days: number): Promise<ServersInputs> => {
      const issued = await authority.issue(days);
      const own = { cert: issued.files["tls/server.pem"]!, key: issued.secretFiles["tls/server.key"]! };
      const extra = `${verifiedTls}\nhttp: $MONITOR_LISTEN`;
      const inputs = withTls({ ...bed.inputs({ extra, clusterExtra: verifiedTls }), ...issued }, authority.ca);
      const nodes = Object.entries(inputs.nodes).map(([name, node], index) => [
        name,
        { ...node, config: `${node.config}MONITOR_LISTEN: "127.0.0.1:${bed.port(index + 10, "client")}"\n` },
      ]);
      const management = { ...inputs.management, ...own };
      return { ...inputs, nodes: Object.fromEntries(nodes) as ServersInputs["nodes"], management };
    };
    await program.up(await by(40));
    await program.makeStream("ORDERS");
    const pids = await bed.pids();
    const load = await program.load("ORDERS");
    // As it is when the time is over: on the servers, and in the state.
    const expire = async (): Promise<void> => {
      const expired = await by(-1);
      await loadByHand({ ...expired.files, ...expired.secretFiles });
      program.state = { ...program.state!, ...expired };
    };
    await expire();
    await assert.rejects(program.connect(), /expired/);
    const second = await by(50);
    // A preview has neither the new certificate, nor an old one that the servers would take of it.
    const early = {
      ...second,
      files: { ...second.files, "tls/server.pem": unknownValue },
      secretFiles: { "tls/server.key": unknownValue },
      management: { ...second.management, cert: unknownValue, key: unknownValue },
    };
    assert.deepEqual(await program.problems(early), []);
    assert.deepEqual((await program.preview(early)).notes, [
      "certificates change (files.tls/server.pem, secretFiles.tls/server.key): hot reload",
    ]);
    const { notes } = await program.preview(second);
    assert.deepEqual(notes, [
      "hot reload on east-1, east-2, east-3: certificates change (tls/server.key, tls/server.pem)",
    ]);
    await program.up(second);
    const { lost, duplicated, acknowledged } = await load.stop();
    assert.deepEqual([lost, duplicated], [0, 0]);
    assert.ok(acknowledged > 100, `${acknowledged} acknowledged`);
    assert.deepEqual(await bed.pids(), pids);
    for (const varz of await varzOf(second)) assert.ok(Date.parse(varz.tls_cert_not_after!) > Date.now());
    assert.deepEqual(await program.preview(second), { paths: [], notes: [] });

    // Whoever starts with an expired certificate finds nobody who takes it for a peer.
    await expire();
    for (const node of await bed.machine.nodes()) {
      const [server] = await bed.machine.processes(node);
      await bed.machine.signal(node, server!, "SIGKILL");
      await waitFor(`the end of ${node}`, { timeout: 30_000 }, async () =>
        (await bed.machine.processes(node)).length === 0 ? { value: undefined } : { pending: "it runs" },
      );
    }
    await Promise.all((await bed.machine.nodes()).map((node) => bed.machine.start(node, "2.15.2")));
    const third = await by(60);
    const alone = await waitFor("servers that listen", { timeout: 30_000 }, () =>
      askEach<Routez>(third, "ROUTEZ").then(
        (value) => ({ value }),
        (error: Error) => ({ pending: error.message }),
      ),
    );
    assert.deepEqual(
      alone.flatMap(({ routes = [] }) => routes),
      [],
    );
    assert.match(
      (await program.preview(third)).notes[0]!,
      /^hot reload on east-1, east-2, east-3: certificates change/,
    );
    const started = await bed.pids();
    await program.up(third);
    assert.deepEqual(await bed.pids(), started);
    const client = await program.connect();
    const { state, cluster } = await (await managerOf(client)).streams.info("ORDERS");
    assert.equal(state.messages, acknowledged);
    assert.deepEqual(
      cluster!.replicas!.map(({ current }) => current),
      [true, true],
    );
    await client.close();
  });

  it("moves the ports of routes and clients without losing the mesh", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const inputs = moved(bed, bed.inputs(), 5);
    const { notes } = await program.preview(inputs);
    assert.match(notes[0]!, /^hot reload on east-1, east-2, east-3: routes with the new addresses/);
    assert.match(notes[1]!, /^rolling restart, one server at a time/);
    await program.up(inputs);
    assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
    const client = await program.connect();
    assert.equal((await (await managerOf(client)).streams.info("ORDERS")).cluster!.replicas!.length, 2);
    await client.close();
  });

  it("upgrades nats-server one server at a time under load, goes back the same way, and refuses to go back further", async () => {
    await program.up(bed.inputs({ version: "2.14.9" }));
    await program.makeStream("ORDERS");
    for (const [from, to] of [
      ["2.14.9", "2.15.2"],
      ["2.15.2", "2.14.9"],
    ] as const) {
      const inputs = bed.inputs({ version: to });
      const { paths, notes } = await program.preview(inputs);
      assert.deepEqual(paths, ["version"]);
      const [, by] = /^rolling restart, one server at a time \(.*\): nats-server (.*)$/.exec(notes[0]!) ?? [];
      assert.equal(by, `${from} → ${to}`);
      assert.deepEqual(await underLoad(() => program.up(inputs)), { lost: 0, duplicated: 0 }, by);
      const running = (await varzOf(inputs)).map(({ version }) => version);
      assert.deepEqual(running, [to, to, to]);
      assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
    }
    await program.up(bed.inputs({ version: "2.15.2" }));
    const before = await bed.pids();
    const further = bed.inputs({ version: "2.12.15" });
    const [problem] = await program.problems(further);
    assert.equal(
      problem,
      "version: 2.15.2 → 2.12.15: servers older than 2.14 stop with a panic on the raft log entries that 2.15 writes, " +
        'so the two can\'t serve one JetStream cluster side by side. Fix: version: "2.14.9" first, run `pulumi up`, then this one',
    );
    assert.deepEqual(await bed.pids(), before);
  });

  it("refuses the upgrade that would make older servers panic, and says by which way it goes", async () => {
    await program.up(bed.inputs({ version: "2.12.15" }));
    const [problem] = await program.problems(bed.inputs({ version: "2.15.2" }));
    assert.match(problem!, /^version: 2\.12\.15 → 2\.15\.2: servers older than 2\.14 stop with a panic/);
    assert.match(problem!, /Fix: version: "2\.14\.9" first/);
    await program.up(bed.inputs({ version: "2.14.9" }));

    const client = await program.connect();
    const batched = { name: "BATCHED", subjects: ["batched"], allow_batched: true } as Partial<StreamConfig>;
    await (await managerOf(client)).streams.add(batched);
    await client.close();
    assert.deepEqual(await program.problems(bed.inputs({ version: "2.12.15" })), [
      "version: 2.14.9 → 2.12.15: stream BATCHED of account APP needs JetStream API level 4, and that release has 3: " +
        'it would be offline. Fix: version: "2.14.9", or delete it first',
    ]);
  });

  it("grows by a server and shrinks again, and keeps every replica", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const pids = await bed.pids();
    const four = bed.inputs({ count: 4 });
    const warnings = await program.problems(four);
    assert.deepEqual(warnings, [
      "nodes: 4 servers with JetStream survive the loss of no more servers than 3 do. Fix: servers: 5",
    ]);
    const { paths, notes } = await program.preview(four);
    assert.ok(paths.includes("nodes.east-4"), paths.join());
    assert.equal(notes[0], "east-4 will be started");
    await program.up(four);
    assert.deepEqual(await bed.pids(), pids);
    assert.equal((await bed.pids(4)).filter((pid) => pid > 0).length, 4);
    const three = bed.inputs();
    assert.equal(
      (await program.preview(three)).notes[0],
      "east-4 will be taken out of the cluster, one at a time: lame duck, then out of JetStream's peers",
    );
    await program.up(three);
    assert.deepEqual(await bed.pids(4), [...pids, 0]);
    assert.ok(
      bed.infos.some((info) => /^east-4 is out of the cluster; its JetStream files stay in .*data-removed-/.test(info)),
    );
    assert.deepEqual(await program.preview(three), { paths: [], notes: [] });
    const again = await program.problems(four);
    assert.match(
      again.at(-1)!,
      /^nodes\.east-4: east-4 was taken out of JetStream's peers at .*Fix: run `pulumi up` after/,
    );
    assert.match(
      (await program.problems(bed.inputs({ count: 2 }))).at(-1)!,
      /^nodes: stream ORDERS of account APP has 3 replicas, and without east-3 2 servers are left/,
    );
  });

  async function underLoad(change: () => Promise<unknown>): Promise<{ lost: number; duplicated: number }> {
    const load = await program.load("ORDERS");
    await change();
    const { lost, duplicated, acknowledged } = await load.stop();
    assert.ok(acknowledged > 100, `${acknowledged} acknowledged`);
    return { lost, duplicated };
  }

  /** Lets the servers load files that no program has given them. */
  async function loadByHand(files: Readonly<Record<string, string>>): Promise<void> {
    for (const node of await bed.machine.nodes()) {
      for (const [file, text] of Object.entries(files)) writeFileSync(path.join(bed.dir, node, "current", file), text);
      const [server] = await bed.machine.processes(node);
      const before = (await bed.machine.logTail(node, 1000)).split("Reloaded server configuration").length;
      await bed.machine.signal(node, server!, "SIGHUP");
      await waitFor(`the reload of ${node}`, { timeout: 30_000 }, async () => {
        const reloads = (await bed.machine.logTail(node, 1000)).split("Reloaded server configuration").length;
        return reloads > before ? { value: undefined } : { pending: `${reloads} reloads in its log` };
      });
    }
  }

  const varzOf = (inputs: ServersInputs): Promise<Varz[]> => askEach<Varz>(inputs, "VARZ");

  async function askEach<Answer>(inputs: ServersInputs, what: string): Promise<Answer[]> {
    const reach = new Reach();
    try {
      const nodes = Object.entries(inputs.nodes);
      return await Promise.all(
        nodes.map(async ([node, { clientUrl }]) => {
          const candidates = { urls: [clientUrl], managements: [inputs.management], handshakeFirst: false };
          return (await reach.to(node, candidates)).ask<Answer>(what);
        }),
      );
    } finally {
      await reach.close();
    }
  }
});

const tlsBlock = `tls { cert_file: "current/tls/server.pem", key_file: "current/tls/server.key", ca_file: "current/tls/ca.pem", timeout: 5 }`;
const routeTls = tlsBlock.replace("timeout", "verify: true, timeout");
const clientTls = tlsBlock;
const verifiedTls = routeTls;

function authorized(bed: ServersBed, password: string, extra = ""): ServersInputs {
  const inputs = bed.inputs({
    clusterExtra: "authorization { user: cluster, password: $CLUSTER_PASSWORD, timeout: 3 }",
    routeCredentials: `cluster:${password}@`,
    extra,
  });
  return { ...inputs, secrets: { ...inputs.secrets, CLUSTER_PASSWORD: password } };
}

function withTls(inputs: ServersInputs, ca: string): ServersInputs {
  const nodes = Object.entries(inputs.nodes).map(([name, node]) => [
    name,
    { ...node, clientUrl: node.clientUrl.replace("nats:", "tls:") },
  ]);
  return {
    ...inputs,
    nodes: Object.fromEntries(nodes) as ServersInputs["nodes"],
    management: { ...inputs.management, ca },
  };
}

function moved(bed: ServersBed, inputs: ServersInputs, slots: number): ServersInputs {
  const text = JSON.stringify(inputs);
  const ports = [0, 1, 2].flatMap((index) =>
    (["client", "cluster"] as const).map((listener) => [bed.port(index, listener), bed.port(index + slots, listener)]),
  );
  const replaced = ports.reduce((json, [from, to]) => json.replaceAll(String(from), String(to)), text);
  return JSON.parse(replaced) as ServersInputs;
}

interface Authority {
  readonly ca: string;
  issue(days: number): Promise<Pick<ServersInputs, "files" | "secretFiles">>;
}

async function makeAuthority(): Promise<Authority> {
  const term = (days: number): { notBefore: Date; notAfter: Date } => ({
    notBefore: new Date(Date.now() - 2 * 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
  });
  const key = await newPrivateKey("ecdsa-p256");
  const ca = await issueAuthority({ subject: { commonName: "test" }, key, ...term(90) });
  return {
    ca,
    async issue(days) {
      const own = await newPrivateKey("ecdsa-p256");
      const cert = await issueCertificate({
        subject: { commonName: "server" },
        key: own,
        issuer: { cert: ca, key },
        dnsNames: ["localhost"],
        ipAddresses: ["127.0.0.1"],
        usages: ["server", "client"],
        ...term(days),
      });
      return { files: { "tls/ca.pem": ca, "tls/server.pem": cert }, secretFiles: { "tls/server.key": own } };
    },
  };
}
