import assert from "node:assert/strict";
import { renderSystemdUnit } from "../../../provider/render/systemdUnit";
import type { SystemdUnit } from "../../../provider/render/systemdUnit";

const unit: SystemdUnit = {
  node: "east-1",
  cluster: "east",
  user: "nats",
  group: "nats",
  binary: "/usr/local/lib/pulumi-nats/nats-server-2.15.2",
  nodeDir: "/var/lib/nats/east/east-1",
  dataDir: "/data/east/east-1",
  lameDuck: 30_000,
  privilegedPorts: false,
};

/** Values by key; a key that stands several times has them all. */
function settings(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), value!]);
  }
  return found;
}

describe("the systemd unit of a server", () => {
  const lines = settings(renderSystemdUnit(unit));

  it("runs one version on the node's own configuration, as its own user", () => {
    assert.deepEqual(lines.get("ExecStart"), [`${unit.binary} -c /var/lib/nats/east/east-1/current/nats.conf`]);
    assert.deepEqual(lines.get("WorkingDirectory"), ["/var/lib/nats/east/east-1"]);
    assert.deepEqual([lines.get("User"), lines.get("Group")], [["nats"], ["nats"]]);
  });

  it("leaves as a lame duck, with more time than that takes, and comes back however it ended", () => {
    assert.deepEqual(lines.get("KillSignal"), ["SIGUSR2"]);
    assert.deepEqual(lines.get("TimeoutStopSec"), ["90"]);
    assert.deepEqual(settings(renderSystemdUnit({ ...unit, lameDuck: 600_000 })).get("TimeoutStopSec"), ["660"]);
    assert.deepEqual(lines.get("Restart"), ["always"]);
    assert.deepEqual(lines.get("StartLimitIntervalSec"), ["0"]);
    assert.deepEqual(lines.get("WantedBy"), ["multi-user.target"]);
  });

  it("may write JetStream's files alone, and waits for the disk that holds them", () => {
    assert.deepEqual(lines.get("ProtectSystem"), ["strict"]);
    assert.deepEqual(lines.get("ReadWritePaths"), ["/data/east/east-1"]);
    assert.deepEqual(lines.get("RequiresMountsFor"), ["/var/lib/nats/east/east-1 /data/east/east-1"]);
  });

  it("has no capability but the one that ports below 1024 need", () => {
    assert.deepEqual(lines.get("CapabilityBoundingSet"), [""]);
    assert.deepEqual(lines.get("AmbientCapabilities"), [""]);
    const low = settings(renderSystemdUnit({ ...unit, privilegedPorts: true }));
    assert.deepEqual(low.get("CapabilityBoundingSet"), ["CAP_NET_BIND_SERVICE"]);
    assert.deepEqual(low.get("AmbientCapabilities"), ["CAP_NET_BIND_SERVICE"]);
    assert.deepEqual(low.get("NoNewPrivileges"), ["yes"]);
  });

  it("says whose it is and where settings of one's own go", () => {
    assert.match(
      renderSystemdUnit(unit),
      /^# Server east-1 of cluster east, by pulumi-nats: .*\n# .*systemctl edit nats-east-1\.service/,
    );
  });
});
