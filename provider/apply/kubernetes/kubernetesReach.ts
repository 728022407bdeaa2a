import { Reach } from "../rollout/reach";
import type { Candidates } from "../rollout/reach";
import type { Varz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import { ServerRefusal } from "../serverRefusal";
import { sleep } from "../wait";
import type { KubernetesMachine } from "./kubernetesMachine";

/** Longest wait for a kubelet to bring a pod's files up to date. */
const syncPatience = 120_000;
/**
 * A connection goes through API server, kubelet and container runtime. One that nobody answers is refused at once; less time than this
 * would only make a slow way look like a server that does not answer.
 */
const wayPatience = 8_000;
/** Pause before a kubelet is told once more, in milliseconds. */
const reminderPause = 2_000;

/** Connections to servers in pods, whose reload waits for the files to arrive there. */
export class KubernetesReach extends Reach {
  readonly #machine: KubernetesMachine;

  constructor(machine: KubernetesMachine) {
    super(machine.dialer);
    this.#machine = machine;
  }

  override async to(node: string, candidates: Candidates, timeout = 0): Promise<ServerConnection> {
    const inner = await super.to(node, candidates, Math.max(timeout, wayPatience));
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

  /** As long as its files are those that it has refused, it refuses them again. */
  override async hasFiles(node: string, candidates: Candidates): Promise<boolean> {
    const deadline = Date.now() + syncPatience;
    const remind = reminder(this.#machine, node);
    for (let pause = 250; Date.now() < deadline; pause = Math.min(pause * 1.5, 3000)) {
      try {
        await (await this.to(node, candidates)).ask("RELOAD");
        // This one's kubelet knows of them now. The others are told once more: they may have looked too early.
        await this.#machine.announceFiles();
        return true;
      } catch (error) {
        // A reload may end the connection that asked for it.
        if (!(error instanceof ServerRefusal)) await this.drop(node);
      }
      await remind();
      await sleep(pause);
    }
    return false;
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
  const remind = reminder(machine, connection.node);
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 3000)) {
    const answer = await connection.ask("RELOAD", options, wait);
    const { config_digest: digest } = await connection.ask<Varz>("VARZ");
    if (expected === undefined || digest === expected || Date.now() > deadline) return answer;
    await remind();
    await sleep(pause);
  }
}

/** Tells the kubelet again after a while: it may have looked at the pod before it had heard of the new ConfigMap. */
function reminder(machine: KubernetesMachine, node: string): () => Promise<void> {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < reminderPause) return;
    last = Date.now();
    await machine.announceFiles([node]);
  };
}
