import { Reach } from "../rollout/reach";
import type { Candidates } from "../rollout/reach";
import type { Varz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import { sleep } from "../wait";
import type { KubernetesMachine } from "./kubernetesMachine";

/** Longest wait for a kubelet to bring a pod's files up to date. */
const syncPatience = 120_000;

/** Connections to servers in pods, whose reload waits for the files to arrive there. */
export class KubernetesReach extends Reach {
  readonly #machine: KubernetesMachine;

  constructor(machine: KubernetesMachine) {
    super(machine.dialer);
    this.#machine = machine;
  }

  override async to(node: string, candidates: Candidates, timeout?: number): Promise<ServerConnection> {
    const inner = await super.to(node, candidates, timeout);
    const reload = (options: object, wait?: number): Promise<unknown> =>
      reloadInPod(inner, this.#machine, options, wait);
    return new Proxy(inner, {
      get(target, key) {
        if (key === "ask") {
          return (name: string, options: object = {}, wait?: number) =>
            name === "RELOAD" ? reload(options, wait) : target.ask(name, options, wait);
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

/**
 * The kubelet brings ConfigMap and Secret to the pod in its own time, and nothing says when: the server is told to reload
 * until it has what was written. Reloading what it has already changes nothing.
 */
async function reloadInPod(
  connection: ServerConnection,
  machine: KubernetesMachine,
  options: object,
  wait?: number,
): Promise<unknown> {
  const deadline = Date.now() + syncPatience;
  const expected = await machine.expectedDigest(connection.node, connection.version);
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 3000)) {
    const answer = await connection.ask("RELOAD", options, wait);
    const { config_digest: digest } = await connection.ask<Varz>("VARZ");
    if (expected === undefined || digest === expected || Date.now() > deadline) return answer;
    await sleep(pause);
  }
}
