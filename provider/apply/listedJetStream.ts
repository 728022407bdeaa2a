import type { JsonObject } from "../model/exactJson";
import { textOf } from "../model/exactJson";
import { SubjectIndex } from "../model/subjectIndex";
import { inTurns } from "./inTurns";
import { JetStream } from "./jetstream";
import { errorCodes, isNotFound, JetStreamError } from "./jetstreamErrors";
import { pages } from "./jetstreamStreams";

/**
 * JetStream where questions about single streams and consumers are answered from listings made before: hundreds of objects
 * a request. Whatever is changed through it is asked of the server again.
 */
export class ListedJetStream extends JetStream {
  readonly #answers = new Map<string, JsonObject>();
  /** Streams whose consumers are all listed. */
  readonly #listed = new Set<string>();
  #allStreams = false;
  /** Streams and consumers ("ORDERS.invoices") that the listing says nothing about, or nothing any more. */
  readonly #missing = new Set<string>();
  #subjects: SubjectIndex | undefined;

  constructor(js: JetStream) {
    super(js.connection, js.options);
  }

  /** Names of the listed streams, in the server's order. */
  readonly streams: string[] = [];

  /** Reads all streams of the account. */
  async listStreams(): Promise<void> {
    for await (const page of pages(this, "STREAM.LIST", {})) {
      for (const info of (page["streams"] ?? []) as readonly JsonObject[]) {
        const name = textOf((info["config"] as JsonObject)["name"]);
        this.streams.push(name);
        this.#answers.set(`STREAM.INFO.${name}`, info);
      }
      const offline = (page["offline"] ?? {}) as JsonObject;
      for (const name of [...((page["missing"] ?? []) as readonly string[]), ...Object.keys(offline)]) {
        this.#missing.add(name);
      }
    }
    this.#allStreams = true;
  }

  /** Reads all consumers of these streams; streams that are not there have none. Returns their names by stream. */
  async listConsumers(streams: readonly string[]): Promise<Map<string, string[]>> {
    const found = await inTurns(streams, async (stream): Promise<[string, string[]]> => {
      const names: string[] = [];
      try {
        for await (const page of pages(this, `CONSUMER.LIST.${stream}`, {}, "consumers")) {
          for (const info of (page["consumers"] ?? []) as readonly JsonObject[]) {
            names.push(textOf(info["name"]));
            this.#answers.set(`CONSUMER.INFO.${stream}.${textOf(info["name"])}`, info);
          }
          // Without a leader at the moment, they are there all the same.
          for (const name of (page["missing"] ?? []) as readonly string[]) {
            this.#missing.add(`${stream}.${name}`);
            if (!names.includes(name)) names.push(name);
          }
        }
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      this.#listed.add(stream);
      return [stream, names];
    });
    return new Map(found);
  }

  /** Of that consumer no listing says anything: those that are direct are left out. */
  listsNot(stream: string, consumer: string): void {
    this.#missing.add(`${stream}.${consumer}`);
  }

  override lacks(subject: string): boolean {
    const [kind, verb, stream = "", consumer] = subject.split(".");
    if (verb !== "INFO" || this.#answers.has(subject)) return false;
    const isListed = kind === "STREAM" ? this.#allStreams : this.#listed.has(stream);
    return isListed && !this.#missing.has(consumer === undefined ? stream : `${stream}.${consumer}`);
  }

  override async request(
    subject: string,
    payload: JsonObject | undefined,
    what: string,
    there?: string,
  ): Promise<JsonObject> {
    const [kind, verb, stream = "", consumer] = subject.split(".");
    if (verb === "INFO" && payload === undefined) {
      const answer = this.#answers.get(subject);
      if (answer) return answer;
      if (this.lacks(subject)) throw notFound(what, kind === "STREAM");
    }
    const collisions = kind === "STREAM" && verb === "NAMES" ? this.#collisions(payload) : undefined;
    if (collisions) return { streams: collisions, total: collisions.length };
    if (verb !== "INFO" && verb !== "LIST" && verb !== "NAMES") this.#forget(kind!, stream, consumer);
    return super.request(subject, payload, what, there);
  }

  /** What is forgotten is asked of the server again. */
  #forget(kind: string, stream: string, consumer: string | undefined): void {
    if (kind === "STREAM") {
      this.#answers.delete(`STREAM.INFO.${stream}`);
      this.#missing.add(stream);
      this.#subjects = undefined;
    } else {
      this.#answers.delete(`CONSUMER.INFO.${stream}.${consumer ?? ""}`);
      this.#missing.add(`${stream}.${consumer ?? ""}`);
    }
  }

  /** Streams that store what collides with the subject, without those that changed meanwhile. */
  #collisions(payload: JsonObject | undefined): string[] | undefined {
    const subject = payload?.["subject"];
    if (typeof subject !== "string" || !this.#allStreams || this.#missing.size > 0) return undefined;
    if (!this.#subjects) {
      this.#subjects = new SubjectIndex();
      for (const name of this.streams) {
        const config = this.#answers.get(`STREAM.INFO.${name}`)?.["config"] as JsonObject | undefined;
        for (const each of (config?.["subjects"] ?? []) as readonly string[]) this.#subjects.add(each, name);
      }
    }
    return this.#subjects.colliding(subject, mostCollisions);
  }
}

const mostCollisions = 10;

function notFound(what: string, isStream: boolean): JetStreamError {
  const [err_code, noun] = isStream
    ? ([errorCodes.streamNotFound, "stream"] as const)
    : ([errorCodes.consumerNotFound, "consumer"] as const);
  return new JetStreamError(what, { code: 404, err_code, description: `${noun} not found` });
}
