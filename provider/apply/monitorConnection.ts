import http from "node:http";
import type { Duplex } from "node:stream";
import { NatsError } from "../errors";
import { redact } from "../redact";
import type { Dialer } from "./dial";
import type { Machine } from "./machine/machine";
import type { Varz } from "./serverAnswers";
import type { ServerConnection } from "./serverConnection";
import { ServerRefusal } from "./serverRefusal";
import { waitFor, WaitTimeout } from "./wait";

export interface MonitorTarget {
  /** server_name that must answer there. */
  readonly node: string;
  /** "http://127.0.0.1:8222", with http_base_path where there is one. */
  readonly url: string;
  readonly machine: Machine;
  /** The way there, where this machine can't dial it by itself. */
  readonly dialer?: Dialer;
}

const refusal = "Failed to reload server configuration: ";
/** Lines of a log that are looked through for what a reload said. */
const logLines = 400;

/**
 * One server by way of its monitoring port and its process, for a cluster that has no user of the system account: the
 * answers are the same, a reload is a signal, and its outcome stands in the log.
 */
export class MonitorConnection implements ServerConnection {
  readonly node: string;
  readonly url: string;
  readonly serverId: string;
  readonly version: string;
  readonly isClosed = false;
  readonly canManageJetStream = false;
  readonly #machine: Machine;
  readonly #dialer: Dialer | undefined;

  private constructor(target: MonitorTarget, varz: Varz) {
    this.node = target.node;
    this.url = target.url;
    this.#machine = target.machine;
    this.#dialer = target.dialer;
    this.serverId = varz.server_id;
    this.version = varz.version;
  }

  static async open(target: MonitorTarget, timeout = 3000): Promise<MonitorConnection> {
    const varz = await get<Varz>(target, "/varz", timeout);
    if (varz.server_name !== target.node) {
      throw new NatsError(`${target.url} is answered by server "${varz.server_name}", not by ${target.node}`);
    }
    return new MonitorConnection(target, varz);
  }

  async ask<Data>(name: string, options: object = {}, timeout = 5000): Promise<Data> {
    if (name === "RELOAD") return (await this.#reload(timeout)) as Data;
    const query = new URLSearchParams(
      Object.entries(options).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const way = this.#dialer ? { dialer: this.#dialer } : {};
    const target = { node: this.node, url: this.url, machine: this.#machine, ...way };
    const answer = await get<Data & { server_id?: string }>(
      target,
      `/${name.toLowerCase()}?${query.toString()}`,
      timeout,
    );
    // A port tells no name: after a restart the same one is another server's word.
    if (answer.server_id !== undefined && answer.server_id !== this.serverId) {
      throw new NatsError(`${this.url} is answered by another server than before`);
    }
    return answer;
  }

  askJetStream<Answer>(subject: string): Promise<Answer> {
    const why = "the cluster has a token and so no user of the system account";
    return Promise.reject(new NatsError(`${this.node} can't be asked ${subject}: ${why}`));
  }

  async close(): Promise<void> {
    // Every request has a connection of its own.
  }

  async #reload(timeout: number): Promise<object> {
    const [server] = await this.#machine.processes(this.node);
    const { config_load_time: before } = await this.ask<Varz>("VARZ");
    const log = await this.#machine.logTail(this.node, logLines);
    if (!server || !(await this.#machine.signal(this.node, server, "SIGHUP"))) {
      throw new NatsError(`${this.node} has ended, so it can't load its configuration`);
    }
    try {
      await waitFor(`the reload of ${this.node}`, { timeout, interval: 20 }, async () => {
        const said = await this.#refusalSince(log);
        if (said !== undefined) throw new ServerRefusal(`${this.node} refuses RELOAD: ${said}`);
        const { config_load_time: now } = await this.ask<Varz>("VARZ");
        return now === before ? { pending: `configuration of ${now}` } : { value: undefined };
      });
    } catch (error) {
      if (!(error instanceof WaitTimeout)) throw error;
      throw new ServerRefusal(`${this.node} did not load its configuration, and its log does not say why`);
    }
    return {};
  }

  async #refusalSince(former: string): Promise<string | undefined> {
    const now = await this.#machine.logTail(this.node, logLines);
    // The end of what was there before marks where the new lines begin, also when the window has moved on.
    const mark = former.split("\n").slice(-3).join("\n");
    const at = mark === "" ? 0 : now.lastIndexOf(mark) + mark.length;
    const line = now
      .slice(at)
      .split("\n")
      .find((one) => one.includes(refusal));
    return line === undefined ? undefined : redact(line.slice(line.indexOf(refusal) + refusal.length).trim());
  }
}

/** /healthz says what is wrong with status 503, so the status does not count. */
async function get<Data>(target: MonitorTarget, path: string, timeout: number): Promise<Data> {
  const fail = (reason: string): NatsError =>
    new NatsError(`${target.node} does not answer at ${target.url}: ${reason}`);
  const stream = await dial(target, timeout)?.catch((error: Error) => Promise.reject(fail(error.message)));
  const way = stream ? { createConnection: () => stream } : { agent: false };
  return new Promise((resolve, reject) => {
    const request = http.get(`${target.url}${path}`, { timeout, ...way }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("error", (error) => reject(fail(error.message)));
      response.on("end", () => {
        stream?.destroy();
        try {
          resolve(JSON.parse(text) as Data);
        } catch {
          reject(fail(`${response.statusCode} ${text.slice(0, 100)}`));
        }
      });
    });
    request.on("timeout", () => request.destroy(new Error(`nothing within ${timeout} ms`)));
    request.on("error", (error) => reject(fail(error.message)));
  });
}

/** A loopback address is the one of the server's own machine. */
function dial({ node, url, machine, dialer }: MonitorTarget, timeout: number): Promise<Duplex> | undefined {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return machine.dialAt?.(node, host, Number(port), timeout) ?? dialer?.dial(host, Number(port), timeout);
}
