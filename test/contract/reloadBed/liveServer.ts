import { connect, credsAuthenticator, StringCodec } from "nats";
import type { NatsConnection } from "nats";
import path from "node:path";
import { NatsServer } from "../../bed/natsServer";
import type { ReloadChange } from "../reloadChanges/change";
import type { Fixtures } from "./fixtures";

export interface Varz {
  readonly config_load_time: string;
  readonly config_digest: string;
}

/** What a server did with a changed file. */
export interface Outcome {
  readonly effect: "accepted" | "refused" | "crashed";
  /** The refusal's reason, or the end of a crashed server's log. */
  readonly reason: string;
  /** What the server logged from the reload on. */
  readonly log: string;
  readonly digest: string;
}

/** A server that is told to reload through its system account. */
export class LiveServer {
  readonly server: NatsServer;
  readonly #fixtures: Fixtures;
  readonly #mode: ReloadChange["mode"];
  #text: string;
  #connection: NatsConnection | undefined;

  private constructor(server: NatsServer, text: string, fixtures: Fixtures, mode: ReloadChange["mode"]) {
    this.server = server;
    this.#text = text;
    this.#fixtures = fixtures;
    this.#mode = mode;
  }

  static async start(
    text: string,
    version: string,
    fixtures: Fixtures,
    mode: ReloadChange["mode"],
  ): Promise<LiveServer> {
    return new LiveServer(await NatsServer.start(text, version), text, fixtures, mode);
  }

  /** The configuration that is in force. */
  get text(): string {
    return this.#text;
  }

  async reload(text: string): Promise<Outcome> {
    const before = await this.varz();
    const logStart = this.server.log.length;
    this.server.writeConfig(text);
    const log = () => this.server.log.slice(logStart);
    const answer =
      this.#mode === "signal"
        ? await this.#signal(log)
        : await this.#ask("RELOAD", 3000).catch((error: unknown) => ({ lost: String(error) }));
    if ("lost" in answer) {
      await this.#answersOrEnded(before);
      if (this.#dead)
        return { effect: "crashed", reason: log().slice(-2000), log: log(), digest: before.config_digest };
    }
    // Some servers say what they have reloaded before they note when.
    if (!("error" in answer)) await this.#answersOrEnded(before);
    const after = await this.varz();
    const moved = after.config_load_time !== before.config_load_time;
    if ("error" in answer) {
      if (moved) throw new Error(`refused, yet the load time moved: ${JSON.stringify(answer)}`);
      const { description } = answer.error as { description: string };
      return { effect: "refused", reason: description, log: log(), digest: after.config_digest };
    }
    if (!moved) throw new Error(`no error, yet the load time stays: ${JSON.stringify(answer)}\n${log()}`);
    await this.#ended(this.#mayExitLater(log()) ? 10_000 : 0);
    if (this.#dead) return { effect: "crashed", reason: log().slice(-2000), log: log(), digest: after.config_digest };
    this.#text = text;
    return { effect: "accepted", reason: "", log: log(), digest: after.config_digest };
  }

  async varz(): Promise<Varz> {
    if (this.#mode === "signal")
      return (await fetch(`${this.server.ports.monitoring![0]!}/varz`)).json() as Promise<Varz>;
    const answer = await this.#ask("VARZ", 20_000);
    return answer["data"] as Varz;
  }

  async stop(): Promise<void> {
    await this.#connection?.close();
    await this.server.stop();
  }

  get #dead(): boolean {
    return this.server.process.exitCode !== null || this.server.process.signalCode !== null;
  }

  /** SIGHUP, told in the words of the $SYS request. */
  async #signal(log: () => string): Promise<Record<string, unknown>> {
    this.server.process.kill("SIGHUP");
    const deadline = Date.now() + 20_000;
    while (!this.#dead && Date.now() < deadline) {
      const refusal = /Failed to reload server configuration: (.*)/.exec(log());
      if (refusal) return { error: { description: refusal[1]! } };
      if (/Reloaded server configuration|Reloaded: accounts\n[^]*$/.test(log())) return {};
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { lost: "no answer to SIGHUP" };
  }

  #mayExitLater(log: string): boolean {
    return /(?<!remote_)syslog/.test(log);
  }

  /** A reload may cut the connection that asked for it: what became of it is seen on another one, or the server is gone. */
  async #answersOrEnded(before: Varz): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!this.#dead && Date.now() < deadline) {
      const now = await this.varz().catch(() => undefined);
      if (now && now.config_load_time !== before.config_load_time) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #ended(milliseconds: number): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (!this.#dead && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async #ask(what: string, timeout: number): Promise<Record<string, unknown>> {
    const connection = await this.#connect();
    const subject = `$SYS.REQ.SERVER.${connection.info!.server_id}.${what}`;
    const ended = new Promise<never>((_, reject) => {
      void connection.closed().then((error) => reject(error ?? new Error("connection closed")));
    });
    ended.catch(() => undefined);
    const reply = await Promise.race([connection.request(subject, undefined, { timeout }), ended]);
    return JSON.parse(StringCodec().decode(reply.data)) as Record<string, unknown>;
  }

  async #connect(): Promise<NatsConnection> {
    if (this.#connection && !this.#connection.isClosed()) return this.#connection;
    const file = (name: string) => path.join(this.#fixtures.dir, name);
    const authenticator =
      this.#mode === "operator"
        ? { authenticator: credsAuthenticator(new TextEncoder().encode(this.#fixtures.systemCreds)) }
        : { user: "sys", pass: "hush-sys" };
    const tls = /^tls \{/m.test(this.#text)
      ? { tls: { caFile: file("ca.pem"), certFile: file("a.pem"), keyFile: file("a.key") } }
      : {};
    const address = this.server.url.replace(/^.*\/\//, "");
    this.#connection = await connect({ servers: address, reconnect: false, timeout: 20_000, ...authenticator, ...tls });
    return this.#connection;
  }
}
