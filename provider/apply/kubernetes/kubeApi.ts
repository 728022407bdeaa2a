import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { NatsError } from "../../errors";
import { sleep } from "../wait";
import { loadKubeConfig } from "./kubeConfig";
import type { KubeAccess } from "./kubeConfig";

/** An answer that says no. */
export class KubeRefusal extends NatsError {
  readonly status: number;
  readonly reason: string;
  constructor(what: string, status: number, reason: string, message: string) {
    super(`${what}: ${message || `${status} ${reason}`}`);
    this.status = status;
    this.reason = reason;
  }
}

/** A connection that was kept had been closed at its other end. */
class Stale extends NatsError {}

type Query = Readonly<Record<string, string | number | boolean>>;
type Sent = readonly [method: string, path: string, query?: Query, body?: object, contentType?: string];

/** How long one answer may take. */
const patience = 15_000;
const fieldManager = "pulumi-nats";

/** The API server that a kubeconfig names: JSON in and out, every request bounded in time. */
export class KubeApi {
  readonly access: KubeAccess;
  #config: Promise<KubeConfig> | undefined;
  #agent: http.Agent | undefined;

  constructor(access: KubeAccess) {
    this.access = access;
  }

  config(): Promise<KubeConfig> {
    this.#config ??= loadKubeConfig(this.access);
    return this.#config;
  }

  /** The object, or undefined where there is none. */
  async find<Found>(path: string, query?: Query): Promise<Found | undefined> {
    try {
      return await this.get<Found>(path, query);
    } catch (error) {
      if (error instanceof KubeRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  get<Found>(path: string, query?: Query): Promise<Found> {
    return this.#json<Found>("GET", path, query);
  }

  async list<Item>(path: string, query?: Query): Promise<Item[]> {
    return (await this.get<{ items?: Item[] }>(path, query)).items ?? [];
  }

  post<Made>(path: string, body: object, query?: Query): Promise<Made> {
    return this.#json<Made>("POST", path, query, body);
  }

  /** A merge patch: a member that is null goes. */
  patch<Patched>(path: string, body: object): Promise<Patched> {
    return this.#json<Patched>("PATCH", path, { fieldManager }, body);
  }

  /** A merge patch that knows what Kubernetes' lists mean: members are told by their name. With `dryRun` nothing changes. */
  patchTyped<Patched>(path: string, body: object, { dryRun = false } = {}): Promise<Patched> {
    const query = { fieldManager, ...(dryRun ? { dryRun: "All" } : {}) };
    return this.#json<Patched>("PATCH", path, query, body, "application/strategic-merge-patch+json");
  }

  /** False where there was nothing to delete, or another object than the one with that uid. */
  async delete(
    path: string,
    options: { readonly uid?: string; readonly graceSeconds?: number } = {},
  ): Promise<boolean> {
    const { uid, graceSeconds } = options;
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    };
    try {
      await this.#json("DELETE", path, undefined, body);
      return true;
    } catch (error) {
      if (error instanceof KubeRefusal && (error.status === 404 || error.status === 409)) return false;
      throw error;
    }
  }

  text(path: string, query?: Query): Promise<string> {
    return this.#request("GET", path, query);
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #json<Answer>(
    method: string,
    path: string,
    query?: Query,
    body?: object,
    contentType?: string,
  ): Promise<Answer> {
    return JSON.parse(await this.#request(method, path, query, body, contentType)) as Answer;
  }

  /** Once more where the API server is busy, or has just closed a connection that was kept: every request here may be repeated. */
  async #request(...of: Sent): Promise<string> {
    const deadline = Date.now() + patience;
    for (let pause = 200; ; pause *= 2) {
      try {
        return await this.#send(...of);
      } catch (error) {
        if (!isPassing(error) || Date.now() + pause > deadline) throw error;
      }
      await sleep(pause);
    }
  }

  async #send(
    method: string,
    path: string,
    query: Query = {},
    body?: object,
    contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json",
  ): Promise<string> {
    const config = await this.config();
    const { server } = config.getCurrentCluster()!;
    const text = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
    const url = new URL(`${server.replace(/\/+$/, "")}${path}${text === "" ? "" : `?${text}`}`);
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options).catch((error: Error) => {
      throw new NatsError(`the kubeconfig's user can't be used: ${error.message}`, { cause: error });
    });
    this.#agent ??= keptAlive(options.agent);
    const payload = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...options.headers,
      accept: "application/json, */*",
      ...(body ? { "content-type": contentType } : {}),
      // Node sends the body of a DELETE without its length, and what follows on the connection is then read as its end.
      "content-length": Buffer.byteLength(payload),
    };
    const what = `${method} ${path}`;
    return new Promise((resolve, reject) => {
      const fail = (error: Error, Failure = NatsError): void =>
        reject(new Failure(`the API server at ${url.origin} does not answer: ${error.message}`, { cause: error }));
      const send = url.protocol === "https:" ? https.request : http.request;
      const agent = this.#agent === undefined ? {} : { agent: this.#agent };
      const request = send(url, { ...options, method, headers, ...agent, timeout: patience }, (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (answer += part));
        response.on("error", (error) => fail(error));
        response.on("end", () => {
          const { statusCode = 0 } = response;
          if (statusCode < 300) return resolve(answer);
          const { reason = "", message = answer.slice(0, 300) } = statusOf(answer);
          reject(new KubeRefusal(what, statusCode, reason, message));
        });
      });
      request.on("timeout", () => request.destroy(new Error(`nothing within ${patience} ms`)));
      request.on("error", (error: NodeJS.ErrnoException) =>
        fail(error, request.reusedSocket && error.code === "ECONNRESET" ? Stale : NatsError),
      );
      request.end(payload);
    });
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof KubeRefusal) return [429, 503, 504].includes(error.status);
  return error instanceof Stale;
}

/** The library makes an agent for each request, with a connection of its own; a few that are kept serve them all. */
function keptAlive(agent: https.RequestOptions["agent"]): http.Agent | undefined {
  if (!(agent instanceof http.Agent)) return undefined;
  return Object.assign(agent, { keepAlive: true, maxSockets: 4 });
}

function statusOf(answer: string): { reason?: string; message?: string } {
  try {
    return JSON.parse(answer) as { reason?: string; message?: string };
  } catch {
    return {};
  }
}
