import assert from "node:assert/strict";
import { connect } from "nats";
import { waitFor } from "../../provider/apply/wait";
import { killEngine } from "../bed/engineProcesses";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { appPassword, hostsProgram, opsSsh } from "./hostsProgram";
import type { WantedProgram } from "./hostsProgram";

describe("Hosts and what may befall them", function () {
  this.timeout(600_000);
  let bed: HostsBed;
  let outputs: Readonly<Record<string, unknown>> = {};
  before(async function () {
    bed = await hostsBed(this, { hosts: 5 });
  });
  after(() => bed?.down());

  const program = (count: number, wanted: WantedProgram = {}): ReturnType<typeof hostsProgram> =>
    hostsProgram(bed, { hosts: bed.hosts.slice(0, count).map(({ address }) => ({ address })), ...wanted });
  const pid = async (number: number): Promise<string> =>
    (await bed.run(`r1h${number}`, `systemctl show -p MainPID --value nats-east-${number}`)).trim();
  const pids = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => pid(index + 1)));

  it("are a power cut, a killed rollout, a change that fails, hosts that come and go", async () => {
    await withStack(
      program(3),
      async (stack) => {
        outputs = (await stack.up()).outputs;
        await publish(20);
        await powerCut(stack);
        await killed(stack);
        await putBack(stack);
        await size(stack);
        await replaced(stack);
        assert.equal(await messages(), 21);
      },
      { keep: true },
    );
  });

  async function powerCut(stack: TestStack): Promise<void> {
    await bed.powercut("r1h3");
    const preview = await stack.attempt("preview");
    assert.ok(preview.error, "a host that is down is an error");
    assert.match(preview.text, /target\.hosts\.east-3: ssh ops@10\.\d+\.1\.13.*Fix: /s, preview.text);
    await bed.poweron("r1h3");
    await healthy(3);
    const after = await stack.preview();
    assert.equal(after.step("east-servers").op, "same", after.text);
  }

  /** The engine and its provider go in the midst of a rolling restart, as by a power cut of the workstation. */
  async function killed(stack: TestStack): Promise<void> {
    const before = await pids(3);
    stack.program = program(3, { args: { config: { maxSubscriptions: 10_000 } } });
    const running = stack.attempt("up");
    await waitFor("the first restart", { timeout: 60_000 }, async () => {
      const now = await pids(3);
      return now.some((one, index) => one !== before[index] && one !== "0")
        ? { value: undefined }
        : { pending: now.join(", ") };
    });
    killEngine(stack);
    assert.ok((await running).error);
    await stack.stack.cancel();
    // The one whose turn it was may be down until the next up; the others serve.
    const left = await pids(3);
    assert.ok(left.filter((one) => one !== "0").length >= 2, left.join());
    assert.ok((await published()) > 0);
    const again = await stack.up();
    assert.match(again.text, /rolling restart|restart of east-/);
    assert.ok((await pids(3)).every((one, index) => one !== before[index]));
    assert.equal((await stack.preview()).step("east-servers").op, "same");
  }

  async function putBack(stack: TestStack): Promise<void> {
    // What only this host knows of: with the new configuration its service does not start.
    const guard = `[Service]\nExecStartPre=/bin/sh -c '! grep -q "max_subscriptions: 5000" current/nats.conf'\n`;
    const folder = "/etc/systemd/system/nats-east-2.service.d";
    await bed.run("r1h2", `mkdir -p ${folder} && cat > ${folder}/guard.conf && systemctl daemon-reload`, guard);
    stack.program = program(3, { args: { config: { maxSubscriptions: 5000 } } });
    const failed = await stack.attempt("up");
    assert.ok(failed.error);
    assert.match(failed.text, /the rollout of cluster east stopped/, failed.text);
    assert.match(failed.text, /east-2: kept the old configuration/, failed.text);
    assert.match(await bed.run("r1h2", "cat /var/lib/nats/east/east-2/current/nats.conf"), /max_subscriptions: 10000/);
    await healthy(2);
    await bed.run("r1h2", `rm -r ${folder} && systemctl daemon-reload`);
    await stack.up();
    assert.equal((await stack.preview()).step("east-servers").op, "same");
  }

  async function size(stack: TestStack): Promise<void> {
    const before = await pids(3);
    const args = { config: { maxSubscriptions: 5000 } };
    stack.program = program(5, { args });
    await stack.up();
    assert.deepEqual(await pids(3), before, "growing restarts nobody");
    await healthy(5);
    stack.program = program(3, { args });
    const preview = await stack.preview();
    assert.match(preview.messages("east-servers").join("\n"), /east-5, east-4 will be taken out of the cluster/);
    const up = await stack.up();
    assert.match(
      up.text,
      /east-5 is out of the cluster; its JetStream files stay in .*data-removed-.* on 10\.\d+\.1\.15/,
    );
    assert.equal(await bed.run("r1h5", "ls /etc/systemd/system | grep nats- || true"), "");
    assert.deepEqual(await pids(3), before);
    assert.equal((await stack.preview()).step("east-servers").op, "same");
  }

  /** A host that never comes back makes room for another one. */
  async function replaced(stack: TestStack): Promise<void> {
    await bed.powercut("r1h3");
    const [first, second, , fourth] = bed.hosts.map(({ address }) => ({ address }));
    stack.program = program(3, {
      args: { config: { maxSubscriptions: 5000 } },
      hosts: [first!, second!, { ...fourth!, name: "east-6" }],
      options: { ssh: { ...opsSsh(bed), connectTimeout: "3s" } },
    });
    const preview = await stack.preview();
    assert.match(
      preview.text,
      /east-3 is taken out of JetStream's peers all the same, and what lies on \S+ stays there/,
    );
    await stack.up();
    const connection = await login();
    const manager = await connection.jetstreamManager();
    await waitFor("three replicas without the lost one", { timeout: 60_000 }, async () => {
      const { cluster } = await manager.streams.info("ORDERS");
      const names = [cluster!.leader!, ...(cluster!.replicas ?? []).map(({ name }) => name)].sort();
      const isWhole = cluster!.replicas?.every(({ current }) => current);
      return isWhole && names.join() === "east-1,east-2,east-6" ? { value: undefined } : { pending: names.join() };
    });
    await connection.close();
    assert.equal((await stack.preview()).step("east-servers").op, "same");
  }

  async function healthy(number: number): Promise<void> {
    const url = `http://${bed.hosts[number - 1]!.address}:8222/healthz`;
    await waitFor(url, { timeout: 60_000 }, async () => {
      const status = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (response) => response.status,
        (error: Error) => error.message,
      );
      return status === 200 ? { value: undefined } : { pending: String(status) };
    });
  }

  async function publish(count: number): Promise<void> {
    const connection = await login();
    for (let index = 0; index < count; index++) await connection.jetstream().publish("orders.kept", `${index}`);
    await connection.close();
  }

  /** A message that every quorum takes, in a moment when leaders may just be elected. */
  async function published(): Promise<number> {
    const connection = await login();
    try {
      return await waitFor<number>("an acknowledgement", { timeout: 30_000 }, async () => {
        const taken = await connection
          .jetstream()
          .publish("orders.kept", "one more", { msgID: "one more" })
          .then(
            ({ seq }) => seq,
            (error: Error) => error.message,
          );
        return typeof taken === "number" ? { value: taken } : { pending: taken };
      });
    } finally {
      await connection.close();
    }
  }

  async function messages(): Promise<number> {
    const connection = await login();
    const { state } = await (await connection.jetstreamManager()).streams.info("ORDERS");
    await connection.close();
    return state.messages;
  }

  function login(): ReturnType<typeof connect> {
    const tls = { ca: outputs["ca"] as string };
    return connect({ servers: outputs["urls"] as string[], tls, user: "app", pass: appPassword });
  }
});
