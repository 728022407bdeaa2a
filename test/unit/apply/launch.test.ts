import assert from "node:assert/strict";
import type { HostSeen } from "../../../provider/apply/machine/hosts/hostSeen";
import { launchOf } from "../../../provider/apply/machine/hosts/launch";
import type { BinaryInputs } from "../../../provider/model/hosts";

const path = "/usr/local/lib/pulumi-nats/nats-server-2.15.2";
const file = "/etc/systemd/system/nats-east-1.service.d/own.conf";

describe("What starts a server on a host", () => {
  const launch = (command: string | undefined, binary?: BinaryInputs): ReturnType<typeof launchOf> => {
    const starts = new Map(command === undefined ? [] : [["east-1", [{ file, command }]]]);
    const installed = { path: "/usr/bin/nats-server", says: "nats-server: v2.15.2" };
    return launchOf("east-1", "10.0.0.1", { starts, installed } as unknown as HostSeen, path, binary);
  };

  it("is the wanted program, by its unit or by what is beside that", () => {
    assert.deepEqual(launch(undefined), { binary: path });
    assert.deepEqual(launch(`-/usr/bin/numactl --membind=0 "${path}" -c nats.conf`), { binary: path });
    assert.deepEqual(launch(`-${path} -c nats.conf -D`), { binary: path });
  });

  it("is another one where a file beside the unit says so, which is told with the fix", () => {
    const { obstacle } = launch(`${path}-old -c nats.conf`);
    assert.deepEqual(obstacle, {
      path: "nodes.east-1",
      reason: `${file} on 10.0.0.1 starts east-1 by "${path}-old -c nats.conf" and not by ${path}, whatever its unit says`,
      fix: `on 10.0.0.1: rm ${file} && systemctl daemon-reload; or ExecStart=${path} … in it`,
    });
  });

  it("is whatever is installed, where that is wanted", () => {
    const installed: BinaryInputs = { kind: "installed" };
    assert.deepEqual(launch("/usr/bin/nats-server -c nats.conf", installed), {});
    assert.ok(launch("/opt/nats-server -c nats.conf", installed).obstacle);
  });
});
