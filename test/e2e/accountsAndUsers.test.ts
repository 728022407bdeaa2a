import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { findTool } from "../../provider/tools/findTool";
import { ClusterBed } from "../bed/clusterBed";
import { repository } from "../bed/pulumiBed";
import { PulumiProject } from "../bed/pulumiProject";
import { tryOut } from "../bed/tryOut";
import { untilHeard } from "../bed/untilHeard";
import { managerOf } from "../bed/managerOf";

describe("examples/accounts-and-users", function () {
  this.timeout(300_000);
  const bed = new ClusterBed();
  let project: PulumiProject | undefined;
  let credsDir: string;
  const open: NatsConnection[] = [];

  before(async () => {
    await bed.target("east", 3);
    const source = readFileSync(path.join(repository, "examples/accounts-and-users/index.ts"), "utf8");
    project = await PulumiProject.make({ files: { "index.ts": source } });
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    credsDir = path.join(bed.root, "creds");
    const settings = {
      port: String(bed.port("east", "client")),
      clusterPort: String(bed.port("east", "cluster")),
      monitorPort: String(bed.port("east", "monitor")),
      dir: bed.dir("east"),
      credsDir,
    };
    for (const [key, value] of Object.entries(settings)) await project.must(["config", "set", key, value]);
  });
  after(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    project?.remove();
    await bed.dispose();
  });

  /** As this user on this server. */
  async function as(user: string, server = 0): Promise<NatsConnection> {
    const creds = readFileSync(path.join(credsDir, `${user}.creds`));
    const connection = await connect({
      servers: `127.0.0.1:${bed.port("east", "client", server)}`,
      authenticator: credsAuthenticator(new Uint8Array(creds)),
      reconnect: false,
      timeout: 20_000,
    });
    open.push(connection);
    return connection;
  }

  it("comes up, with creds files that only their owner reads", async () => {
    mkdirSync(credsDir);
    await project!.must(["up", "--yes", "--skip-preview"]);
    for (const user of ["nexus", "solaris"]) {
      assert.equal(statSync(path.join(credsDir, `${user}.creds`)).mode & 0o777, 0o600);
    }
    const state = readFileSync(path.join(project!.bed.root, "state/.pulumi/stacks/bed/test.json"), "utf8");
    const seeds = /\bS[OAU][A-Z2-7]{56}\b/;
    assert.doesNotMatch(state, seeds);
    assert.match(readFileSync(path.join(credsDir, "nexus.creds"), "utf8"), seeds);
  });

  it("lets nexus publish and receive my.topic, and nothing else", async () => {
    const connection = await as("nexus", 0);
    const other = await as("nexus", 2);
    const received = other.subscribe("my.topic", { max: 1 });
    await other.flush();
    // The servers tell each other of a subscription in their own time.
    const publishing = setInterval(() => connection.publish("my.topic", "hello"), 50);
    for await (const message of received) assert.equal(message.string(), "hello");
    clearInterval(publishing);
    await tryOut(
      await as("nexus"),
      {
        publish: ["my.topic", "my.other", "audit", "$JS.API.INFO"],
        subscribe: ["my.topic", "my.>", "audit", "_INBOX.x"],
      },
      [
        "publish $JS.API.INFO",
        "publish audit",
        "publish my.other",
        "subscription _INBOX.x",
        "subscription audit",
        "subscription my.>",
      ],
    );
    await assert.rejects(connection.request("$JS.API.INFO", "", { timeout: 1000 }), /permission|timeout/i);
  });

  it("lets solaris use its tunnel, its private subjects, JetStream and its inbox, and nothing else", async () => {
    await tryOut(
      await as("solaris"),
      {
        publish: [
          "staging.tunnel.outbound",
          "staging.private.solaris.a.b",
          "audit",
          "staging.tunnel.inbound",
          "my.topic",
          "$SYS.REQ.SERVER.PING",
        ],
        subscribe: [
          "staging.tunnel.inbound",
          "staging.private.solaris.>",
          "_INBOX.abc.*",
          "staging.tunnel.outbound",
          "audit",
          ">",
        ],
      },
      [
        "publish $SYS.REQ.SERVER.PING",
        "publish my.topic",
        "publish staging.tunnel.inbound",
        "subscription >",
        "subscription audit",
        "subscription staging.tunnel.outbound",
      ],
    );
    const connection = await as("solaris", 1);
    const manager = await managerOf(connection);
    await manager.streams.add({ name: "PRIVATE", subjects: ["staging.private.solaris.>"], num_replicas: 3 });
    const stored = await connection.jetstream().publish("staging.private.solaris.log", "entry", untilHeard);
    assert.equal(stored.stream, "PRIVATE");
    const { limits } = await manager.getAccountInfo();
    assert.deepEqual(
      [limits.max_storage, limits.max_streams, limits.max_consumers, limits.max_memory],
      [-1, -1, -1, 0],
    );
    await manager.streams.delete("PRIVATE");
  });

  it("gives a context that the nats CLI takes", async () => {
    const home = path.join(bed.root, "home");
    mkdirSync(path.join(home, "nats/context"), { recursive: true });
    writeFileSync(
      path.join(home, "nats/context/solaris.json"),
      await project!.must(["stack", "output", "solarisContext", "--show-secrets"]),
    );
    const { status, stdout, stderr } = spawnSync(await findTool("nats"), ["--context", "solaris", "account", "info"], {
      env: { ...process.env, XDG_CONFIG_HOME: home, HOME: home },
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /JetStream Account Information/);
  });

  it("has nothing to do the second time, changes the account in place, and repairs a creds file", async () => {
    const changes = async (): Promise<string[]> => {
      const { steps } = JSON.parse(await project!.must(["preview", "--json"])) as {
        steps: { op: string; urn: string }[];
      };
      return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    };
    assert.deepEqual(await changes(), []);
    await project!.must(["config", "set", "maxConnections", "1"]);
    assert.deepEqual(await changes(), ["update stream-core"]);
    await Promise.all(open.splice(0).map((connection) => connection.close()));
    await project!.must(["up", "--yes", "--skip-preview"]);
    await as("nexus");
    await assert.rejects(as("solaris"), /maximum account active connections exceeded|closed|EPIPE|ECONNRESET/i);
    rmSync(path.join(credsDir, "nexus.creds"));
    await project!.must(["refresh", "--yes", "--skip-preview"]);
    assert.deepEqual(await changes(), ["create nexus"]);
    await project!.must(["up", "--yes", "--skip-preview"]);
    assert.ok(existsSync(path.join(credsDir, "nexus.creds")));
  });

  it("goes with its creds files", async () => {
    await project!.must(["destroy", "--yes", "--skip-preview"], { PULUMI_NATS_ON_DATA_LOSS: "allow" });
    assert.equal(existsSync(path.join(credsDir, "nexus.creds")), false);
  });
});
