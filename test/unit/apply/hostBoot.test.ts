import assert from "node:assert/strict";
import type { HostShell } from "../../../provider/apply/machine/hosts/hostShell";
import { HostsMachine } from "../../../provider/apply/machine/hosts/hostsMachine";
import { SshError } from "../../../provider/apply/ssh/sshError";
import type { SshFailure } from "../../../provider/apply/ssh/sshError";
import type { HostInputs, HostsTargetInputs } from "../../../provider/model/hosts";
import type { SshSettings } from "../../../provider/model/ssh";

const targetOf = (hosts: Readonly<Record<string, SshSettings>>): HostsTargetInputs => ({
  kind: "hosts",
  dir: "/var/lib/nats/east",
  user: "nats",
  group: "nats",
  hosts: Object.fromEntries(Object.entries(hosts).map(([node, ssh]) => [node, { address: ssh.address, ssh }])),
});

/** Hosts that fail so and so often in this way, and what became of them. */
async function booted(
  target: HostsTargetInputs,
  failures: Readonly<Record<string, readonly SshFailure[]>>,
  known: readonly HostsTargetInputs[] = [],
): Promise<{ problems: string[]; said: string[]; tries: Record<string, number> }> {
  const tries: Record<string, number> = {};
  const connect = ({ ssh: { address } }: HostInputs): HostShell => ({
    label: address,
    run: () => {
      tries[address] = (tries[address] ?? 0) + 1;
      const failure = failures[address]?.[tries[address] - 1];
      const error = failure && new SshError(failure, address, `${failure} now`, "see the host");
      return error ? Promise.reject(error) : Promise.resolve({ code: 0, stdout: "", stderr: "" });
    },
    dial: () => Promise.reject(new Error("nothing is dialled")),
    close: () => Promise.resolve(),
  });
  const said: string[] = [];
  const machine = new HostsMachine(target, known, connect);
  const problems = await machine.booted(async (message) => void said.push(message));
  return { problems: problems.map(({ path, reason, fix }) => `${path}: ${reason}. Fix: ${fix}`), said, tries };
}

describe("Hosts that are new", () => {
  it("are waited for while nothing there speaks ssh, and said to be, once", async () => {
    const target = targetOf({ a: { address: "10.0.0.1" }, b: { address: "10.0.0.2" } });
    const found = await booted(target, { "10.0.0.1": ["unreachable", "handshake"] });
    assert.deepEqual(found, {
      problems: [],
      said: ["waiting for a new host to boot: ssh 10.0.0.1: unreachable now"],
      tries: { "10.0.0.1": 3, "10.0.0.2": 1 },
    });
  });

  it("are given up when their time is over, with what was seen last", async () => {
    const target = targetOf({ a: { address: "10.0.0.1", bootTimeout: "700ms" } });
    const { problems, tries } = await booted(target, { "10.0.0.1": Array<SshFailure>(99).fill("unreachable") });
    assert.deepEqual(problems, [
      "target.hosts.a: ssh to a new host, which may still boot (bootTimeout): not within 0.7 s; last seen: ssh 10.0.0.1: unreachable now. Fix: see the host",
    ]);
    assert.equal(tries["10.0.0.1"], 2);
  });

  it("are not waited for with a wrong key or login, nor where the program says so", async () => {
    const hosts = ["host key", "login", "credentials", "sudo"] as const;
    const target = targetOf({
      ...Object.fromEntries(hosts.map((failure) => [failure.slice(0, 4), { address: failure }])),
      never: { address: "never", bootTimeout: "0s" },
    });
    const failures = Object.fromEntries(hosts.map((failure) => [failure, [failure]]));
    const found = await booted(target, failures);
    assert.deepEqual(found, {
      problems: [],
      said: [],
      tries: Object.fromEntries(hosts.map((failure) => [failure, 1])),
    });
  });

  it("are those by address, port and key; the others are to be there", async () => {
    const ssh: SshSettings = { address: "10.0.0.1", hostKey: "SHA256:a" };
    const known = [targetOf({ a: ssh, b: { address: "10.0.0.2" } })];
    const target = targetOf({ a: { ...ssh, hostKey: "SHA256:b" }, b: { address: "10.0.0.2", user: "ops" } });
    const { tries } = await booted(target, {}, known);
    assert.deepEqual(tries, { "10.0.0.1": 1 });
  });
});
