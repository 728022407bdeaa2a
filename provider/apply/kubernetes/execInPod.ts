import { PassThrough } from "node:stream";
import { NatsError } from "../../errors";
import { serverContainer } from "../../model/kubernetes";
import type { KubeApi } from "./kubeApi";

const patience = 20_000;

interface ExecOptions {
  /** What the program reads. It must see for itself where that ends: not every API server tells it. */
  readonly input?: string;
  /** The command as errors show it; default as it is. */
  readonly as?: string;
}

/** Runs a program in the server's container; fails with what it said where its exit code is not 0. */
export async function execInPod(
  api: KubeApi,
  namespace: string,
  pod: string,
  command: readonly string[],
  { input, as = command.join(" ") }: ExecOptions = {},
): Promise<string> {
  const { Exec } = await import("@kubernetes/client-node");
  const exec = new Exec(await api.config());
  const output = new PassThrough();
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const stdin = input === undefined ? null : new PassThrough();
  stdin?.write(input);
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new NatsError(`${as} in pod ${namespace}/${pod}: ${reason}`));
    const timer = setTimeout(() => {
      fail(`no end within ${patience} ms`);
      void socket.then((open: { close(): void }) => open.close()).catch(() => undefined);
    }, patience);
    const socket = exec.exec(
      namespace,
      pod,
      serverContainer,
      [...command],
      output,
      output,
      stdin,
      false,
      ({ status, message }) => {
        clearTimeout(timer);
        if (status === "Success") resolve(text);
        else fail(text.trim() || message || "failed");
      },
    );
    socket.catch((error: unknown) => {
      clearTimeout(timer);
      fail((error as { message?: string }).message ?? String(error));
    });
  });
}
