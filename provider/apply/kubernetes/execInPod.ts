import { PassThrough } from "node:stream";
import { NatsError } from "../../errors";
import { serverContainer } from "../../model/kubernetes";
import { seconds } from "../within";
import type { KubeApi } from "./kubeApi";
import { socketRefusal } from "./socketRefusal";

interface ExecOptions {
  /** What the program reads. It must see for itself where that ends: not every API server tells it. */
  readonly input?: string;
  /** The command as errors show it; default as it is. */
  readonly as?: string;
  /** Milliseconds, with the way there. Default 20 s. */
  readonly timeout?: number;
}

/** What is needed of the library's web socket. */
interface Socket {
  readonly readyState: number;
  readonly CLOSING: number;
  onclose: (() => void) | null;
  close(): void;
}

/**
 * Runs a program in the server's container; fails with what it said where its exit code is not 0, and where no exit code comes: the
 * connection ends before, or the time is over.
 */
export async function execInPod(
  api: KubeApi,
  namespace: string,
  pod: string,
  command: readonly string[],
  { input, as = command.join(" "), timeout = 20_000 }: ExecOptions = {},
): Promise<string> {
  const { Exec } = await import("@kubernetes/client-node");
  const exec = new Exec(await api.config());
  const output = new PassThrough();
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const stdin = input === undefined ? null : new PassThrough();
  stdin?.write(input);
  return new Promise((resolve, reject) => {
    const fail = (reason: string, fix?: string): void => {
      clearTimeout(timer);
      reject(new NatsError(`${as} in pod ${namespace}/${pod}: ${reason}`, { fix }));
    };
    const timer = setTimeout(() => {
      fail(`no end within ${seconds(timeout)}`, seeNode);
      void opening.then((socket) => socket.close()).catch(() => undefined);
    }, timeout);
    const opening = exec.exec(
      namespace,
      pod,
      serverContainer,
      [...command],
      output,
      output,
      stdin,
      false,
      ({ status, message }) => {
        if (status !== "Success") return fail(text.trim() || message || "failed");
        clearTimeout(timer);
        resolve(text);
      },
    ) as unknown as Promise<Socket>;
    opening.then(
      (socket) => {
        const closed = (): void => fail("the connection was closed before it ended", seeNode);
        if (socket.readyState >= socket.CLOSING) closed();
        else socket.onclose = closed;
      },
      (error: unknown) => fail(socketRefusal(error, "pods/exec")),
    );
  });
}

const seeNode = "see that the pod and its node are well (kubectl get pods,nodes -o wide), then run this again";
