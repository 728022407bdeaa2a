import { strict as assert } from "node:assert";
import { toConfValue } from "../../../provider/conf/value";
import type { ConfMap } from "../../../provider/conf/value";
import type { ConfigChange, Impact } from "../../../provider/plan/impact";
import { highestImpact } from "../../../provider/plan/impact";
import { byOrdinal, planRollout } from "../../../provider/plan/rollout";
import type { Explain, NodeSeen, RolloutPlan, RolloutStep, RolloutWanted } from "../../../provider/plan/rollout";

const names = ["east-1", "east-2", "east-3"];
const cluster = {
  name: "east",
  listen: "127.0.0.1:6222",
  routes: ["nats-route://127.0.0.1:6222", "nats-route://127.0.0.1:6223"],
};
const conf = of({ cluster, jetstream: { store_dir: "data" } });

describe("planRollout", () => {
  it("does nothing where everything is as wanted", () => {
    assert.deepEqual(plan({}).steps, []);
  });

  it("starts everything together where nothing is", () => {
    const { steps, notes } = plan({}, []);
    assert.deepEqual(steps, [{ kind: "start", nodes: names, config: "wanted", why: "new" }]);
    assert.deepEqual(notes, ["east-1, east-2, east-3 will be started"]);
  });

  it("starts all that is down at once where no meta group was formed yet: it waits for every member", () => {
    const { steps } = plan({}, [running("east-1"), { ...running("east-2"), state: "stopped" }]);
    assert.deepEqual(steps, [{ kind: "start", nodes: ["east-2", "east-3"], config: "wanted", why: "stopped" }]);
  });

  it("restarts what runs another program of the same version, once for that and its unit", () => {
    const otherBinary = { runs: "/opt/nats-server", wanted: "/usr/local/lib/nats-server" };
    const { notes } = plan({}, [
      { ...running("east-1"), otherBinary, files: ["nats-server.service"] },
      running("east-2"),
      running("east-3"),
    ]);
    assert.deepEqual(notes, ["restart of east-1: another program: /opt/nats-server → /usr/local/lib/nats-server"]);
  });

  it("refuses what a machine would undo, also of a server that is down", () => {
    const obstacle = { path: "nodes.east-2", reason: "a file starts another program" };
    const { refusals } = plan({}, [
      running("east-1"),
      { ...running("east-2"), state: "stopped", obstacle },
      { ...running("east-9"), obstacle },
    ]);
    assert.deepEqual(refusals, [obstacle]);
  });

  it("starts what is dead before what is new where a meta group exists", () => {
    const { steps } = plan({ leader: "east-1" }, [running("east-1"), { ...running("east-2"), state: "stopped" }]);
    assert.deepEqual(
      steps.map((step) => step.nodes),
      [["east-2"], ["east-3"]],
    );
  });

  it("brings dead servers back before it changes the others", () => {
    const { steps } = plan({ changes: [change("max_pending", "rolling-restart")] }, [
      running("east-1"),
      { ...running("east-2"), state: "stopped" },
      running("east-3"),
    ]);
    assert.deepEqual(
      steps.map((step) => [step.kind, step.nodes]),
      [
        ["start", ["east-2"]],
        ["restart", ["east-1", "east-3"]],
      ],
    );
  });

  it("brings a dead server back as it was when the others can only change together with it", () => {
    const { steps } = plan({ changes: [change("cluster.tls.cert_file", "ordered-reload")] }, [
      running("east-1"),
      { ...running("east-2"), state: "stopped" },
      running("east-3"),
    ]);
    assert.deepEqual(steps[0], { kind: "start", nodes: ["east-2"], config: "found", why: "stopped" });
  });

  it("reloads one by one what is hot", () => {
    const { steps, notes } = plan({ changes: [change("max_payload", "hot-reload", [1048576n, 8388608n])] });
    assert.equal(steps.length, 1);
    assert.equal(steps[0]!.kind === "reload" && steps[0]!.together, false);
    assert.deepEqual(notes, ["hot reload on east-1, east-2, east-3: max_payload 1048576 → 8388608"]);
  });

  it("restarts the meta leader last and says so", () => {
    const { notes } = plan({
      changes: [change("http", "rolling-restart", [undefined, "127.0.0.1:8222"])],
      leader: "east-1",
    });
    assert.deepEqual(notes, [
      "rolling restart, one server at a time (east-2, east-3, then the meta leader east-1): http (none) → 127.0.0.1:8222",
    ]);
  });

  it("restarts instead of reloading when one part needs it", () => {
    const changes = [change("max_payload", "hot-reload"), change("http", "rolling-restart")];
    assert.deepEqual(kinds(plan({ changes })), ["restart"]);
  });

  it("reloads TLS of routes together, then makes the routes anew", () => {
    const { steps } = plan({ changes: [change("cluster.tls.cert_file", "ordered-reload")] });
    assert.deepEqual(kinds({ steps }), ["reload", "restart"]);
    const { together, config, restartAfter } = reloadOf({ steps });
    assert.deepEqual({ together, config }, { together: true, config: "wanted" });
    assert.equal(restartAfter, "its routes are older than cluster.tls or cluster.name");
  });

  it("puts the ordered part in front of a restart", () => {
    const changes = [
      change("cluster.authorization.timeout", "ordered-reload", [2n, 3n]),
      change("http", "rolling-restart"),
    ];
    const { steps } = plan({ changes });
    assert.deepEqual(kinds({ steps }), ["reload", "restart"]);
    assert.equal(reloadOf({ steps }).config, "ordered");
  });

  it("brings routes with credentials before authorization, and not a second time", () => {
    const changes = [change("cluster.authorization.user", "ordered-reload", [undefined, "cluster"])];
    const routes = ["nats-route://u:p@127.0.0.1:6222", "nats-route://u:p@127.0.0.1:6223"];
    const wanted = of({ cluster: { ...cluster, routes }, jetstream: { store_dir: "data" } });
    const first = plan({ changes, wanted });
    assert.equal(reloadOf(first).config, "routes");
    assert.equal(reloadOf(first).together, false);
    const later = plan(
      { changes, wanted },
      names.map((name) => ({ ...running(name), conf: wanted })),
    );
    assert.equal(reloadOf(later).config, "wanted");
    assert.equal(reloadOf(later).together, true);
  });

  it("reloads files that changed, and restarts what is not known", () => {
    const files = [{ ...running("east-1"), files: ["tls/server.pem"] }, running("east-2"), running("east-3")];
    assert.deepEqual(plan({}, files).notes, ["hot reload on east-1: certificates change (tls/server.pem)"]);
    const mixed = { ...running("east-1"), files: ["hub-1/ca.pem", "hub-1/user.creds"] };
    assert.deepEqual(plan({}, [mixed, ...files.slice(1)]).notes, [
      "hot reload on east-1: certificates change (hub-1/ca.pem) and credentials change (hub-1/user.creds)",
    ]);
    const { conf: _conf, ...unknown } = running("east-2");
    const odd = plan({}, [running("east-1"), unknown, { ...running("east-3"), state: "unreachable" }]);
    assert.deepEqual(odd.notes, [
      "rolling restart, one server at a time (east-2, east-3): what it runs is not known; it does not answer",
    ]);
  });

  it("goes on with a restart that a killed rollout still owed", () => {
    const owed = [{ ...running("east-1"), restartReason: "its routes are older than cluster.tls" }];
    const { notes } = plan({}, [...owed, running("east-2"), running("east-3")]);
    assert.deepEqual(notes, ["restart of east-1: its routes are older than cluster.tls"]);
  });

  it("takes out the highest first", () => {
    const more = [...names, "east-9", "east-10"].map(running);
    assert.deepEqual(plan({}, more).steps[0], {
      kind: "remove",
      nodes: ["east-10", "east-9"],
      why: "no longer wanted",
    });
    assert.deepEqual(["east-10", "east-9"].sort(byOrdinal), ["east-9", "east-10"]);
  });

  it("upgrades one at a time, but not from before 2.14 to 2.15 in one step", () => {
    const old = (version: string): NodeSeen[] => names.map((name) => ({ ...running(name), version }));
    assert.deepEqual(plan({}, old("2.14.9")).refusals, []);
    assert.deepEqual(kinds(plan({}, old("2.14.9"))), ["restart"]);
    const [refusal] = plan({}, old("2.12.15")).refusals;
    assert.equal(refusal!.path, "version");
    assert.match(refusal!.fix!, /^version: "2\.14\.9" first/);
  });

  it("goes back one at a time, but not from 2.15 to before 2.14 in one step", () => {
    assert.deepEqual(kinds(plan({ version: "2.14.9" })), ["restart"]);
    assert.deepEqual(plan({ version: "2.14.9" }).refusals, []);
    const [refusal] = plan({ version: "2.12.15" }).refusals;
    assert.match(refusal!.reason, /^2\.15\.2 → 2\.12\.15: servers older than 2\.14 stop with a panic/);
    assert.match(refusal!.fix!, /^version: "2\.14\.9" first/);
  });

  it("refuses what stops all servers, until the program allows it", () => {
    const changes = [change("cluster.name", "full-cluster", ["east", "west"])];
    assert.equal(plan({ changes }).refusals[0]!.fix, "rollout: { allowOutage: true }");
    const allowed = plan({ changes, allowOutage: true });
    assert.deepEqual(allowed.refusals, []);
    assert.deepEqual(kinds(allowed), ["outage"]);
  });

  it("refuses another identity", () => {
    const [refusal] = plan({ changes: [change("server_name", "new-identity", ["east-1", "west-1"])] }).refusals;
    assert.equal(refusal!.reason, "server_name can't change on servers that hold data: rule");
  });

  it("refuses to turn a lone server with JetStream into a cluster, until data may be lost", () => {
    const alone = [{ ...running("east-1"), conf: of({ jetstream: { store_dir: "data" } }) }];
    const changes = [change("cluster", "rolling-restart")];
    assert.match(plan({ changes }, alone).refusals[0]!.reason, /^east-1 runs JetStream without a cluster/);
    assert.deepEqual(plan({ changes, allowDataLoss: true }, alone).refusals, []);
  });
});

interface Scene {
  readonly version?: string;
  readonly changes?: readonly ConfigChange[];
  readonly wanted?: ConfMap;
  readonly leader?: string;
  readonly allowOutage?: boolean;
  readonly allowDataLoss?: boolean;
}

function plan(scene: Scene, seen: readonly NodeSeen[] = names.map(running)): RolloutPlan {
  const wanted: RolloutWanted = {
    version: scene.version ?? "2.15.2",
    nodes: new Map(names.map((name) => [name, scene.wanted ?? conf])),
    allowOutage: scene.allowOutage ?? false,
    allowDataLoss: scene.allowDataLoss ?? false,
    ...(scene.leader ? { metaLeader: scene.leader } : {}),
  };
  const changes = scene.changes ?? [];
  const explain: Explain = () => ({ impact: highestImpact(changes.map((part) => part.impact)), changes });
  return planRollout(wanted, seen, explain);
}

function running(name: string): NodeSeen {
  return { name, state: "running", version: "2.15.2", conf, files: [], isLoaded: true };
}

function change(path: string, impact: Impact, values: readonly [unknown, unknown] = [1n, 2n]): ConfigChange {
  return { path, from: values[0], to: values[1], impact, why: "rule" };
}

function reloadOf(of: Pick<RolloutPlan, "steps">): Extract<RolloutStep, { kind: "reload" }> {
  const [step] = of.steps;
  assert.ok(step?.kind === "reload");
  return step;
}

function kinds(of: Pick<RolloutPlan, "steps">): string[] {
  return of.steps.map((step) => step.kind);
}

function of(value: object): ConfMap {
  return toConfValue(value) as ConfMap;
}
