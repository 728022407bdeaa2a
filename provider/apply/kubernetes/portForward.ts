import { Duplex, PassThrough } from "node:stream";
import type { KubeConfig } from "@kubernetes/client-node";
import { NatsError } from "../../errors";
import type { KubernetesWay } from "../../model/through";
import type { Dialer } from "../dial";
import { seconds, within } from "../within";
import { loadKubeConfig } from "./kubeConfig";
import { socketRefusal } from "./socketRefusal";

/** What is needed of the library's web socket. */
interface Socket {
  close(): void;
  onclose: () => void;
  onerror: (event: { readonly message: string }) => void;
}

/** Reaches pods through the API server, as `kubectl port-forward` does: one web socket for each connection. */
export class PortForward implements Dialer {
  readonly label: string;
  readonly #way: KubernetesWay;
  readonly #open = new Set<Duplex>();
  #config: Promise<KubeConfig> | undefined;

  constructor(way: KubernetesWay) {
    this.#way = way;
    this.label = `port-forward to namespace ${way.namespace}`;
  }

  async prepare(): Promise<void> {
    this.#config ??= loadKubeConfig(this.#way);
    await this.#config;
  }

  async dial(host: string, port: number, timeout: number): Promise<Duplex> {
    const pods = Object.hasOwn(this.#way.pods, host) ? this.#way.pods[host]! : [];
    const reasons: string[] = [];
    for (const pod of pods) {
      try {
        return await this.#forward(pod, port, timeout);
      } catch (error) {
        reasons.push((error as Error).message);
      }
    }
    throw new NatsError(reasons.join("; ") || `${host} is no server's address in namespace ${this.#way.namespace}`);
  }

  close(): Promise<void> {
    for (const stream of this.#open) stream.destroy();
    return Promise.resolve();
  }

  async #forward(pod: string, port: number, timeout: number): Promise<Duplex> {
    const { PortForward: Forward } = await import("@kubernetes/client-node");
    const config = await (this.#config ??= loadKubeConfig(this.#way));
    const [output, input, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const place = `pod ${this.#way.namespace}/${pod}`;
    const forward = new Forward(config);
    const opening = forward.portForward(this.#way.namespace, pod, [port], output, errors, input) as Promise<Socket>;
    const late = (): Error => new NatsError(`no connection within ${seconds(timeout)}`);
    const socket = await within(opening, timeout, late).catch((error: unknown) => {
      // One that comes after all is nobody's.
      opening.then(
        (unused) => unused.close(),
        () => undefined,
      );
      throw new NatsError(`${place} can't be reached: ${socketRefusal(error, "pods/portforward")}`, { cause: error });
    });
    const stream = new Duplex({
      read: () => output.resume(),
      write: (chunk, _encoding, done) => input.write(chunk as Buffer, done),
      final(done) {
        input.end(done);
      },
      destroy(error, done) {
        socket.close();
        done(error);
      },
    });
    output.on("data", (chunk: Buffer) => {
      if (!stream.push(chunk)) output.pause();
    });
    output.on("end", () => stream.push(null));
    errors.on("data", (chunk: Buffer) => stream.destroy(streamFailure(place, chunk, port)));
    socket.onclose = () => output.end();
    socket.onerror = ({ message }) => stream.destroy(new NatsError(`${place}: ${message}`));
    this.#open.add(stream);
    stream.once("close", () => this.#open.delete(stream));
    return stream;
  }
}

/** What the kubelet says of the far end, which is text alone. */
function streamFailure(place: string, chunk: Buffer, port: number): NatsError {
  const text = chunk.toString("utf8").trim();
  if (!/connection refused/i.test(text)) return new NatsError(`${place}: ${text}`);
  const refused = new NatsError(`${place}: nothing listens on port ${port} (ECONNREFUSED)`);
  return Object.assign(refused, { code: "ECONNREFUSED" });
}
