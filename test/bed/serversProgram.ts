import { strict as assert } from "node:assert";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { PartialFailure } from "../../provider/host/handler";
import { isError, problemText } from "../../provider/errors";
import type { Problem } from "../../provider/errors";
import type { ServersInputs, ServersState } from "../../provider/model/servers";
import { serversHandler } from "../../provider/resources/serversHandler";
import { PublishLoad } from "./publishLoad";
import type { ServersBed } from "./serversBed";

/** Drives the handler as the engine does: check, diff, then create or update; keeps the state as the engine would. */
export class ServersProgram {
  readonly bed: ServersBed;
  state: ServersState | undefined;

  constructor(bed: ServersBed) {
    this.bed = bed;
  }

  /** Problems that a preview shows, as "path: reason. Fix: …". */
  async problems(inputs: ServersInputs): Promise<string[]> {
    return (await this.#check(inputs)).map(textOf);
  }

  /** Changed paths and the plan in words. */
  async preview(inputs: ServersInputs): Promise<{ paths: string[]; notes: string[] }> {
    assert.ok(this.state, "nothing is there yet");
    const diff = await serversHandler.diff(this.bed.context, this.bed.dir, this.state, inputs);
    return { paths: Object.keys(diff.changes).sort(), notes: (diff.notes ?? []).map((note) => note.message) };
  }

  async up(inputs: ServersInputs): Promise<ServersState> {
    assert.deepEqual((await this.#check(inputs)).filter(isError).map(textOf), []);
    try {
      this.state = this.state
        ? await serversHandler.update(this.bed.context, this.bed.dir, this.state, inputs)
        : (await serversHandler.create(this.bed.context, inputs)).state;
      return this.state;
    } catch (error) {
      if (error instanceof PartialFailure) this.state = error.state as ServersState;
      throw error;
    }
  }

  /** As `pulumi refresh`. */
  async refresh(): Promise<ServersState | undefined> {
    const live = await serversHandler.read(this.bed.context, this.bed.dir, this.state);
    this.state = live?.state;
    return this.state;
  }

  /** What a refresh says, and keeps of what it finds. */
  async drift(): Promise<string[]> {
    const { context, dir } = this.bed;
    const live = (await serversHandler.read(context, dir, this.state))!;
    const diff = await serversHandler.diff({ ...context, refreshing: true }, dir, live.state, this.#inputs());
    this.state = live.state;
    return (diff.drift ?? []).map((note) => note.message);
  }

  async destroy(): Promise<void> {
    await serversHandler.delete(this.bed.context, this.bed.dir, this.state!);
    this.state = undefined;
  }

  async connect(): Promise<NatsConnection> {
    const { connect } = await import("nats");
    return connect({ ...this.#credentials(), tls: this.#tls(), reconnectTimeWait: 50, maxReconnectAttempts: -1 });
  }

  /** A stream on `replicas` servers in account APP, asked for as our own resources do: an answer may be lost where leaders change. */
  async makeStream(name: string, replicas = 3): Promise<void> {
    const connection = await this.connect();
    const js = new JetStream(connection, { timeout: 60_000 });
    await js.accountInfo();
    await createStream(js, { name, subjects: [`${name.toLowerCase()}.>`], num_replicas: replicas });
    await connection.close();
  }

  async load(stream: string): Promise<PublishLoad> {
    const { servers, user, pass } = this.#credentials();
    const subject = `${stream.toLowerCase()}.new`;
    const options = { servers, user, password: pass, stream, subject, ...this.#tls() };
    return PublishLoad.start(options);
  }

  async #check(inputs: ServersInputs): Promise<readonly Problem[]> {
    return (await serversHandler.check(this.bed.context, this.state, inputs)).problems;
  }

  /** Those of the last operation, as the engine keeps them. */
  #inputs(): ServersInputs {
    const { status: _status, left: _left, ...inputs } = this.state!;
    return inputs;
  }

  #credentials(): { servers: string[]; user: string; pass: string } {
    const servers = Object.values(this.state!.nodes).map((node) => node.clientUrl);
    return { servers, user: "app", pass: this.state!.secrets["APP_PASSWORD"]! };
  }

  /** As the management user, whose certificate is a client's. */
  #tls(): { ca: string; cert?: string; key?: string } | null {
    const { ca, cert, key } = this.state!.management;
    if (ca === undefined) return null;
    return { ca, ...(cert === undefined || key === undefined ? {} : { cert, key }) };
  }
}

function textOf(problem: Problem): string {
  return `${problem.path}: ${problemText(problem)}`;
}
