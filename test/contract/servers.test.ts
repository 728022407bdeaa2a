import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { PartialFailure } from "../../provider/host/handler";
import { unknownValue } from "../../provider/host/handler";
import type { NodeInputs, ServersInputs } from "../../provider/model/servers";
import { ServersBed } from "../bed/serversBed";
import { ServersProgram } from "../bed/serversProgram";
import { managerOf } from "../bed/managerOf";

describe("Servers on this machine", function () {
  this.timeout(240_000);
  let bed: ServersBed;
  let program: ServersProgram;

  beforeEach(async () => {
    bed = await ServersBed.make();
    program = new ServersProgram(bed);
  });
  afterEach(() => bed.dispose());

  it("starts a cluster, then has nothing to do, and a refresh finds nothing", async () => {
    const state = await program.up(bed.inputs());
    assert.deepEqual(Object.keys(state.status), ["east-1", "east-2", "east-3"]);
    for (const { version, digest } of Object.values(state.status)) {
      assert.equal(version, "2.15.2");
      assert.match(digest!, /^sha256:[0-9a-f]{64}$/);
    }
    const pids = await bed.pids();
    assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
    assert.deepEqual(await program.refresh(), state);
    assert.deepEqual(await program.drift(), []);
    assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
    await program.up(bed.inputs());
    assert.deepEqual(await bed.pids(), pids);
  });

  it("keeps what is secret from everyone but the owner", async () => {
    await program.up(bed.inputs());
    const node = path.join(bed.dir, "east-1");
    assert.equal(statSync(bed.dir).mode & 0o777, 0o700);
    assert.equal(statSync(node).mode & 0o777, 0o700);
    assert.equal(statSync(path.join(node, "current", "secrets.conf")).mode & 0o777, 0o600);
    assert.equal(statSync(path.join(node, "server.log")).mode & 0o777, 0o600);
    assert.ok(!readFileSync(path.join(node, "current", "nats.conf"), "utf8").includes("app-password-7"));
    const [pid] = await bed.pids();
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    assert.ok(!args.includes("app-password-7"));
    const names = readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .map((line) => line.split("=")[0]!);
    assert.deepEqual(
      names.filter((name) => !["HOME", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", ""].includes(name)),
      [],
    );
  });

  it("runs servers in sessions of their own", async () => {
    await program.up(bed.inputs());
    for (const pid of await bed.pids()) {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
      assert.equal(fields[3], String(pid), "session id is its own");
    }
  });

  it("reloads what can be reloaded: same processes, same connections", async () => {
    await program.up(bed.inputs());
    const pids = await bed.pids();
    const client = await program.connect();
    let disconnects = 0;
    void (async () => {
      for await (const status of client.status()) if (String(status.type) === "disconnect") disconnects++;
    })();
    const inputs = bed.inputs({ extra: "max_payload: 2097152" });
    const { paths, notes } = await program.preview(inputs);
    assert.deepEqual(paths, ["config"]);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /^hot reload on east-1, east-2, east-3: max_payload .* → 2097152$/);
    await program.up(inputs);
    assert.deepEqual(await bed.pids(), pids);
    await client.flush();
    const later = await program.connect();
    assert.equal(later.info!.max_payload, 2097152);
    await later.close();
    assert.equal(disconnects, 0);
    await client.close();
    assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
  });

  it("restarts one at a time under load, and no acknowledged message is lost", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const before = await bed.pids();
    const inputs = bed.inputs({ extra: "max_subscriptions: 10000" });
    const { notes } = await program.preview(inputs);
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]!,
      /^rolling restart, one server at a time \(.*then the meta leader east-[123]\): max_subscriptions/,
    );
    const load = await program.load("ORDERS");
    await program.up(inputs);
    const result = await load.stop();
    const after = await bed.pids();
    assert.ok(before.every((pid, index) => pid !== after[index]));
    assert.equal(result.lost, 0);
    assert.equal(result.duplicated, 0);
    assert.ok(result.acknowledged > 150, `${result.acknowledged} acknowledged`);
    assert.ok(result.longestGap < 10_000, `${result.longestGap} ms without an acknowledgement`);
  });

  it("sees a dead server in a preview and in a refresh, and starts it again", async () => {
    await program.up(bed.inputs());
    const before = await bed.pids();
    await kill(before[1]!);
    assert.deepEqual(await program.preview(bed.inputs()), {
      paths: ["nodes.east-2.state"],
      notes: ["east-2 is stopped: will be started"],
    });
    assert.deepEqual(await program.drift(), [
      "not as the last `pulumi up` left it: east-2: stopped",
      "the next `pulumi up`: east-2 is stopped: will be started",
    ]);
    const refreshed = await program.refresh();
    assert.equal(refreshed!.nodes["east-2"]!.state, "stopped");
    assert.equal(refreshed!.nodes["east-1"]!.state, "running");
    await program.up(bed.inputs());
    const after = await bed.pids();
    assert.deepEqual([after[0], after[2]], [before[0], before[2]]);
    assert.notEqual(after[1], 0);
    assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
  });

  it("brings a whole cluster back whose servers are all dead", async () => {
    await program.up(bed.inputs());
    for (const pid of await bed.pids()) await kill(pid);
    assert.deepEqual((await program.preview(bed.inputs())).notes, [
      "east-1, east-2, east-3 are stopped: will be started",
    ]);
    await program.up(bed.inputs({ extra: "max_subscriptions: 10000" }));
    assert.ok((await bed.pids()).every((pid) => pid > 0));
  });

  it("shows what was edited by hand line by line, and puts it back", async () => {
    await program.up(bed.inputs());
    const pids = await bed.pids();
    const file = path.join(bed.dir, "east-2", "current", "nats.conf");
    const edited = readFileSync(file, "utf8").replace("max_file: 256MB", "max_file: 512MB");
    writeFileSync(file, edited);
    const { paths, notes } = await program.preview(bed.inputs());
    assert.deepEqual(paths, ["config"]);
    assert.match(notes[0]!, /^hot reload on east-2: files are not as wanted \(nats\.conf\)$/);
    const beside = await program.preview(bed.inputs({ extra: "max_payload: 2MB" }));
    assert.match(beside.notes[0]!, /^hot reload on east-1, east-2, east-3: max_payload /);
    assert.equal(beside.notes[1], "east-2: not as the last up left them, and written anew: nats.conf");
    const other = path.join(bed.dir, "east-1", "current", "nats.conf");
    writeFileSync(other, edited);
    const first = bed.inputs().nodes["east-1"]!;
    const changed = { ...first, config: `${first.config}ping_interval: "3m"\n` };
    const both = await program.preview({ ...bed.inputs(), nodes: { ...bed.inputs().nodes, "east-1": changed } });
    assert.match(
      both.notes[0]!,
      /^hot reload on east-1, east-2: files are not as wanted \(nats\.conf\); .*ping_interval/,
    );
    assert.deepEqual(both.notes.slice(1), ["east-1: not as the last up left them, and written anew: nats.conf"]);
    writeFileSync(other, bed.inputs().config);
    // A second refresh tells what the first one has found already.
    for (const _time of ["first", "second"]) {
      assert.deepEqual(await program.drift(), [
        "not as the last `pulumi up` left it: east-2: another nats.conf",
        "the next `pulumi up`: hot reload on east-2: files are not as wanted (nats.conf)",
      ]);
      assert.equal(program.state!.config, edited);
      assert.deepEqual((await program.preview(bed.inputs({ extra: "max_payload: 2MB" }))).notes, beside.notes);
    }
    assert.equal((await program.refresh())!.config, edited);
    assert.deepEqual((await program.preview(bed.inputs({ extra: "max_payload: 2MB" }))).notes, beside.notes);
    await program.up(bed.inputs());
    assert.equal(readFileSync(file, "utf8"), bed.inputs().config);
    assert.deepEqual(await bed.pids(), pids);
    assert.deepEqual(await program.preview(bed.inputs()), { paths: [], notes: [] });
  });

  it("never touches a foreign process: it names the one that holds a port", async () => {
    const holder = createServer().listen(bed.port(1, "client"), "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    try {
      const problems = await program.problems(bed.inputs());
      assert.deepEqual(problems, [
        `nodes.east-2.ports.client: port ${bed.port(1, "client")} is in use by process ${process.pid} (${readFileSync("/proc/self/comm", "utf8").trim()}). ` +
          `Fix: end it (kill ${process.pid}), or another port: thisMachine({ ports })`,
      ]);
    } finally {
      holder.close();
    }
    assert.deepEqual(await bed.pids(), [0, 0, 0]);
  });

  it("never takes another program for a server, whatever its arguments", async () => {
    const inputs = bed.inputs({ count: 1 });
    const config = path.join(bed.dir, "east-1", "current", "nats.conf");
    const lookalikes = [
      start("sleep", ["600"], "nats-server"),
      start("sh", ["-c", `sleep 600; : ${config}`]),
      start("sh", ["-c", `sleep 600; : nats-server -c ${config}`]),
    ];
    try {
      await program.up(inputs);
      const [pid] = await bed.pids(1);
      assert.ok(lookalikes.every((process) => process.pid !== pid));
      await program.destroy();
      assert.deepEqual(
        lookalikes.map((process) => process.exitCode ?? process.signalCode),
        [null, null, null],
      );
    } finally {
      for (const lookalike of lookalikes) lookalike.kill("SIGKILL");
    }
  });

  it("does not signal a later process that got the same id", async () => {
    await program.up(bed.inputs({ count: 1 }));
    const [server] = await bed.machine.processes("east-1");
    const recycled = { ...server!, identity: server!.identity.replace(/\d+$/, "1") };
    assert.equal(await bed.machine.signal("east-1", recycled, "SIGKILL"), false);
    const stranger = start("sleep", ["600"]);
    assert.equal(await bed.machine.signal("east-1", { ...server!, pid: stranger.pid! }, "SIGKILL"), false);
    assert.equal(stranger.signalCode, null);
    stranger.kill("SIGKILL");
    assert.deepEqual(await bed.pids(1), [server!.pid]);
  });

  it("keeps what serves when a server does not come up with the new configuration", async () => {
    await program.up(bed.inputs());
    const before = await bed.pids();
    // A listener on a port that is taken only on one server: -t can't know it.
    const holder = createServer().listen(bed.port(9, "client"), "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const inputs = withMqtt(bed, bed.inputs(), 9);
    const error = await program.up(inputs).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    holder.close();
    assert.ok(error instanceof PartialFailure);
    const [reason, ...nodes] = error.reasons;
    assert.match(reason!, /^the rollout of cluster east stopped: east-1 ended by itself/);
    assert.match(reason!, /address already in use/);
    assert.equal(nodes[0], "east-1: kept the old configuration");
    for (const line of nodes.slice(1, 3)) {
      assert.match(line, /^east-[23]: (runs the new configuration|kept the old configuration, its turn did not come)$/);
    }
    assert.equal(nodes[3], "once the cause is gone, the next `pulumi up` goes on from here");
    const after = await bed.pids();
    assert.ok(after.every((pid) => pid > 0));
    assert.notEqual(after[0], before[0]);
    await program.up(inputs);
    assert.deepEqual(await program.preview(inputs), { paths: [], notes: [] });
  });

  it("refuses what the server's own parser refuses, before anything changes", async () => {
    await program.up(bed.inputs());
    const before = await bed.pids();
    const inputs = bed.inputs({ extra: "no_such_key: 1" });
    const error = await program.up(inputs).then(
      () => undefined,
      (reason: unknown) => String(reason),
    );
    assert.match(error!, /no_such_key/);
    assert.deepEqual(await bed.pids(), before);
    assert.equal(readFileSync(path.join(bed.dir, "east-1/current/nats.conf"), "utf8"), bed.inputs().config);
  });

  it("leaves JetStream's files at destroy, and takes them up again", async () => {
    await program.up(bed.inputs());
    await program.makeStream("ORDERS");
    const load = await program.load("ORDERS");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { acknowledged } = await load.stop();
    await program.destroy();
    assert.deepEqual(await bed.pids(), [0, 0, 0]);
    assert.ok(!existsSync(path.join(bed.dir, "east-1", "current")));
    assert.ok(existsSync(path.join(bed.dir, "east-1", "data")));
    assert.match(bed.infos.at(-1)!, /^JetStream's files stay, .*east-1\/data/);
    await program.up(bed.inputs());
    const client = await program.connect();
    const manager = await managerOf(client);
    assert.equal((await manager.streams.info("ORDERS")).state.messages, acknowledged);
    await client.close();
    const last = { ...bed.inputs(), onDataLoss: "allow" as const };
    await program.up(last);
    await program.destroy();
    assert.deepEqual(readdirSync(bed.dir), []);
  });

  it("is gone for a refresh when everything is gone, and destroy of it succeeds", async () => {
    await program.up(bed.inputs({ count: 1 }));
    const state = program.state!;
    await program.destroy();
    program.state = state;
    assert.equal(await program.refresh(), undefined);
    program.state = state;
    await program.destroy();
  });

  it("lets one change at a time into a folder", async () => {
    await program.up(bed.inputs({ count: 1 }));
    const unlock = await bed.machine.lock();
    await assert.rejects(program.up(bed.inputs({ count: 1, extra: "max_payload: 2MB" })), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`is being changed by process ${process.pid} since .*Fix: wait until that`),
      );
      return true;
    });
    await unlock();
    const child = start("sleep", ["600"]);
    writeFileSync(path.join(bed.dir, "lock"), JSON.stringify({ pid: child.pid, identity: "gone/1", since: "before" }));
    await program.up(bed.inputs({ count: 1, extra: "max_payload: 2MB" }));
    assert.equal(child.signalCode, null);
    child.kill("SIGKILL");
  });

  it("refuses a folder where another stack's servers live", async () => {
    await program.up(bed.inputs({ count: 1 }));
    const other = new ServersProgram({
      ...bed,
      dir: bed.dir,
      context: { ...bed.context, urn: "urn:pulumi:other::test::pulumi-nodejs:dynamic/nats:Servers::east" },
    } as ServersBed);
    const problems = await other.problems(bed.inputs({ count: 1 }));
    assert.deepEqual(problems, [
      `target.dir: ${bed.dir} holds the servers of ${bed.context.urn}. Fix: another dir for this cluster, or destroy that one first`,
    ]);
  });

  it("plans a preview in which secrets and certificates are not known yet", async () => {
    await program.up(bed.inputs());
    const inputs = bed.inputs();
    const secrets = { ...inputs.secrets, APP_PASSWORD: unknownValue };
    const { paths, notes } = await program.preview({ ...inputs, secrets, files: { "tls/server.pem": unknownValue } });
    assert.deepEqual(paths, ["files.tls/server.pem", "secrets.APP_PASSWORD"]);
    assert.ok(
      notes.some((note) => note === "hot reload on east-1, east-2, east-3: certificates change (tls/server.pem)"),
      notes.join("\n"),
    );
    assert.ok(
      notes.some((note) => /^secrets.APP_PASSWORD change/.test(note)),
      notes.join("\n"),
    );
    const empty = await emptyBed();
    const all = { ...empty.inputs(), secrets: unknownValue, management: unknownValue } as unknown as ServersInputs;
    assert.deepEqual(await new ServersProgram(empty).problems(all), []);
    const late = {
      ...all,
      config: all.config
        .replace('"30s"', '"1s"')
        .replace("users: [ { user: app", "users: [ { user: app, password: a }, { user: app"),
    };
    assert.deepEqual(await new ServersProgram(empty).problems(late), [
      'config: lame_duck_duration: "1s" is less than 30s. Fix: "30s"',
      'config: accounts.APP.users[1]: the user "app" is at accounts.APP.users[0] too: a name is for one user of one account',
    ]);
  });

  async function emptyBed(): Promise<ServersBed> {
    const empty = await ServersBed.make();
    mkdirSync(empty.dir, { recursive: true });
    return empty;
  }
});

/** A further listener on a port of its own on each server, which `ports` does not name. */
function withMqtt(bed: ServersBed, inputs: ServersInputs, slot: number): ServersInputs {
  const nodes = Object.entries(inputs.nodes).map(([name, node], index): [string, NodeInputs] => [
    name,
    { ...node, config: `${node.config}MQTT_LISTEN: "127.0.0.1:${bed.port(slot + index, "client")}"\n` },
  ]);
  return {
    ...inputs,
    config: `${inputs.config}\nmqtt { listen: $MQTT_LISTEN }\n`,
    nodes: Object.fromEntries(nodes),
  };
}

function start(command: string, args: readonly string[], name?: string): ChildProcess {
  return spawn(command, [...args], { stdio: "ignore", ...(name === undefined ? {} : { argv0: name }) });
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  while (existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
