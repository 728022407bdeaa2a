import { isError, locatedText, NatsError, refuseAll } from "../errors";
import { hideSecrets } from "../model/hideSecrets";
import { ownerTag } from "../model/ownership";
import { redact } from "../redact";
import { adoptionProblems, foreignProblems } from "./adoption";
import { storable, visible } from "./bag";
import { declaredTwice } from "./declaredObjects";
import { detailsOf } from "./details";
import { call } from "./calls";
import type { Bag, ConfigureRequest, DynamicDiff, DynamicProvider } from "./dynamicProvider";
import { extension } from "./extension";
import type { Severity } from "./extension";
import { PartialFailure } from "./handler";
import type { CallContext, Handler } from "./handler";
import { HostError } from "./hostError";
import { markedSecrets } from "./markedSecrets";
import { natsConfig } from "./natsConfig";
import { secretsProperty } from "./providerText";
import { secretValues } from "./secretValues";

type AnyHandler = Handler<object, object>;

/** A handler as the object that Pulumi's dynamic-provider server calls. */
export function adapt<Inputs extends object, State extends Inputs>(handler: Handler<Inputs, State>): DynamicProvider {
  return new Adapter(handler);
}

class Adapter implements DynamicProvider {
  readonly #handler: AnyHandler;
  #config: ReadonlyMap<string, string> = natsConfig();
  /**
   * Resources whose last request was a read: the diff that follows compares a refresh, and announces no change. By URN, or by
   * their id where the read was a process's first request, whose URN is not known.
   */
  readonly #refreshed = new Set<string>();
  /** By URN, the object that a comparison has announced to be replaced, with what its state said of its marks. */
  readonly #replaced = new Map<string, Replaced>();

  constructor(handler: AnyHandler) {
    this.#handler = handler;
    extension();
  }

  async configure(request: ConfigureRequest): Promise<void> {
    this.#config = natsConfig(request.config);
  }

  async check(olds: Bag, news: Bag): ReturnType<DynamicProvider["check"]> {
    const isThere = Object.keys(visible(olds)).length > 0;
    const given = this.#contextOf(news, [olds, news]);
    if (isThere) this.#replaced.delete(given.urn ?? "");
    const replaces = this.#replaced.get(given.urn ?? "")?.id;
    // What is there already was imported once: its successor is made, also where the option still stands there.
    const id = typeof news["__import"] === "string" && news["__import"] !== replaces ? news["__import"] : undefined;
    const context = {
      ...given,
      ...(replaces === undefined ? {} : { replaces }),
      importing: id !== undefined,
      applying: news["__applying"] === true,
    };
    this.#refreshed.delete(context.urn ?? "");
    return this.#guard("check", [olds, news], async (mask) => {
      const former = isThere ? this.#current(olds) : undefined;
      const checked = await this.#handler.check(context, former, visible(news));
      const { inputs } = checked;
      const problems = [...checked.problems];
      problems.push(...declaredTwice(this.#config, context.urn, this.#handler.objects?.(inputs) ?? []));
      const adopting = id !== undefined && !isThere && !problems.some(isError);
      const adopted = adopting ? await adoptionProblems(this.#handler, context, id, inputs) : [];
      const all = hideSecrets([...problems, ...adopted], markedSecrets([olds, news], this.#handler.mixed));
      for (const problem of all.filter((one) => !isError(one))) await context.warn(locatedText(problem));
      if (adopting && !all.some(isError)) await context.info(`imports ${this.#handler.kind} "${id}" as it is`);
      return {
        inputs: this.#stored(inputs, { ...marksIn(news), ...(id === undefined ? {} : { __import: id }) }),
        // Without a property, since the engine prints a property's value beside the reason.
        failures: all.filter(isError).map((problem) => ({ property: "", reason: mask(locatedText(problem)) })),
      };
    });
  }

  async diff(id: string, olds: Bag, news: Bag): Promise<DynamicDiff> {
    const context = this.#contextOf(news, [olds, news], olds);
    const { oldNames } = extension().contextOf(news);
    const refreshing = this.#refreshed.delete(context.urn ?? "") || this.#refreshed.delete(markOf(id));
    return this.#guard("diff", [olds, news], async () => {
      const inputs = visible(news);
      const diff = await this.#handler.diff({ ...context, refreshing }, id, this.#current(olds), inputs);
      const isReplaced = Object.values(diff.changes).some((kind) => kind.endsWith("-replace"));
      if (isReplaced && context.urn !== undefined) this.#replaced.set(context.urn, { id, owners: context.owners });
      for (const { severity, message } of (refreshing ? diff.drift : diff.notes) ?? []) {
        await (severity === "warning" ? context.warn(message) : context.info(message));
      }
      const { answer, changes } = detailsOf(diff, inputs, oldNames ?? Object.keys(olds));
      return extension().detailed(answer, changes);
    });
  }

  async create(inputs: Bag): Promise<{ id: string; outs: Bag }> {
    const given = this.#contextOf(inputs, [inputs]);
    const replaces = this.#replaced.get(given.urn ?? "")?.id;
    const context = replaces === undefined ? given : { ...given, replaces };
    return this.#guard("create", [inputs], async () => {
      const imported = inputs["__import"];
      if (typeof imported === "string") return this.#adopt(context, imported, inputs);
      const { id, state } = await this.#handler.create(context, visible(inputs));
      this.#replaced.delete(context.urn ?? "");
      return { id, outs: this.#stored(state, { ...marksIn(inputs), ...this.#owned(context) }) };
    });
  }

  async read(id: string, props: Bag): ReturnType<DynamicProvider["read"]> {
    const context = this.#contextOf(props, [props], props);
    this.#refreshed.add(context.urn ?? markOf(id));
    return this.#guard("read", [props], async () => {
      // A state that one of our creates wrote has its number; without, it is an import.
      const state = props["__schema"] === undefined ? undefined : this.#current(props);
      const live = await this.#handler.read(context, id, state);
      // For an import or a `get` the engine would take an empty answer for the object.
      if (!live && !state) throw new NatsError(`${this.#handler.kind} "${id}" does not exist on the server`);
      if (!live) return { id: "", props: {} };
      // What a program only looks at by `get` stays whosever it is.
      const isImport = !state && urnIn(props) === undefined;
      const foreign = isImport ? foreignProblems(this.#handler, context, id, live) : [];
      for (const problem of foreign) await context.warn(locatedText(problem));
      const marks = marksIn(props);
      const owned = state ? remembered(props) : this.#owned(context, live.owners);
      return { id, props: this.#stored(live.state, { ...marks, ...owned }), inputs: this.#stored(live.inputs, marks) };
    });
  }

  async update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }> {
    const context = this.#contextOf(news, [olds, news], olds);
    return this.#guard("update", [olds, news], async () => {
      const state = await this.#handler.update(context, id, this.#current(olds), visible(news));
      return { outs: this.#stored(state, { ...marksIn(news), ...this.#owned(context) }) };
    });
  }

  async delete(id: string, props: Bag): Promise<void> {
    const context = this.#contextOf(props, [props], props);
    return this.#guard("delete", [props], () => this.#handler.delete(context, id, this.#current(props)));
  }

  async #adopt(context: CallContext, id: string, inputs: Bag): Promise<{ id: string; outs: Bag }> {
    const problems = await adoptionProblems(this.#handler, context, id, visible(inputs));
    refuseAll(problems.filter(isError));
    const live = await this.#handler.read(context, id, undefined);
    if (!live) throw new NatsError(`${this.#handler.kind} "${id}" was there a moment ago and is gone now`);
    const wanted = Object.entries(visible(inputs)).filter(([name]) => this.#handler.options?.includes(name));
    const hidden = { ...marksIn(inputs), ...this.#owned(context, live.owners) };
    return { id, outs: this.#stored({ ...live.state, ...Object.fromEntries(wanted) }, hidden) };
  }

  /** A state in the shape of today. */
  #current(bag: Bag): object {
    const state = visible(bag);
    const number = typeof bag["__schema"] === "number" ? bag["__schema"] : this.#handler.schema;
    if (number > this.#handler.schema) {
      const ours = `the state is of shape ${number}, the installed pulumi-nats knows shapes up to ${this.#handler.schema}`;
      throw new NatsError(`${ours}: a newer pulumi-nats wrote it. Fix: npm install pulumi-nats@latest`);
    }
    return number < this.#handler.schema && this.#handler.upgrade ? this.#handler.upgrade(state, number) : state;
  }

  #stored(bag: object, hidden: Bag): Bag {
    return { ...storable(bag), __schema: this.#handler.schema, ...hidden };
  }

  /** What the state remembers of whose marks the objects bear. */
  #owned({ urn, owners = [] }: CallContext, found: readonly string[] = []): Bag {
    if (!this.#handler.marks) return {};
    const tags = new Set([...owners, ...[...found, ...(urn === undefined ? [] : [urn])].map(ownerTag)]);
    return tags.size === 0 ? {} : { __owners: [...tags].join(" ") };
  }

  #contextOf(bag: Bag, bags: readonly Bag[], state?: Bag): CallContext {
    const { urn = urnIn(bag), timeout } = extension().contextOf(bag);
    const owners = state === undefined ? this.#replaced.get(urn ?? "")?.owners : ownersIn(state);
    const mask = this.#mask(bags);
    const say = async (severity: Severity, message: string): Promise<void> => {
      const text = mask(message);
      if (urn !== undefined && (await extension().log(severity, text, urn))) return;
      // Without an URN it stands under the stack, so it says what it is about.
      const line = `${this.#subject(bag)}: ${text}`;
      if (await extension().log(severity, line, undefined)) return;
      console.log(severity === "warning" ? `warning: ${line}` : line);
    };
    return {
      config: this.#config,
      urn,
      timeout,
      ...(owners === undefined ? {} : { owners }),
      warn: (message) => say("warning", message),
      info: (message) => say("info", message),
    };
  }

  #subject(bag: Bag): string {
    const name = bag["name"] ?? bag["cluster"];
    return typeof name === "string" ? `${this.#handler.kind} "${name}"` : this.#handler.kind;
  }

  /** Most calls say nothing, and need not look for secrets in maps of thousands. */
  #mask(bags: readonly Bag[]): (text: string) => string {
    let secrets: readonly string[] | undefined;
    return (text) => redact(text, (secrets ??= this.#secretsOf(bags)));
  }

  #secretsOf(bags: readonly Bag[]): readonly string[] {
    const all = bags.flatMap((bag) => secretValues(this.#perhapsSecret(visible(bag))));
    const marked = markedSecrets(bags, this.#handler.mixed).flatMap(({ texts }) => texts);
    return [...secretValues(Object.fromEntries(this.#config)), ...all, ...marked];
  }

  #perhapsSecret(bag: Bag): Bag {
    const { plain = [] } = this.#handler;
    return Object.fromEntries(Object.entries(bag).filter(([name]) => !plain.includes(name)));
  }

  async #guard<Result>(
    method: string,
    bags: readonly Bag[],
    work: (mask: (text: string) => string) => Promise<Result>,
  ): Promise<Result> {
    const mask = this.#mask(bags);
    try {
      return await call(() => work(mask));
    } catch (error) {
      const shown = this.#shown(method, error, mask, bags);
      if (method !== "create" && method !== "update") extension().silence(shown);
      throw shown;
    }
  }

  #shown(method: string, error: unknown, mask: (text: string) => string, bags: readonly Bag[]): HostError {
    if (error instanceof PartialFailure) {
      const kept = error as PartialFailure<object>;
      // Later calls find the provider in these properties.
      const [news, olds] = [bags.at(-1)!, bags.at(-2)];
      const hidden = { ...marksIn(news), ...this.#owned(this.#contextOf(news, [], olds)) };
      const properties = { ...this.#stored(kept.state, hidden), __provider: news["__provider"] };
      return new HostError(mask(kept.message), { id: kept.id, properties, reasons: kept.reasons.map(mask) });
    }
    if (error instanceof NatsError) return new HostError(mask(error.message));
    const failure = error instanceof Error ? error : new Error(String(error));
    const place = /pulumi-nats[^\s)]*|[\w./-]+\/(?:provider|components)\/[^\s)]*/.exec(failure.stack ?? "")?.[0];
    const where = `${this.#handler.kind}.${method}${place === undefined ? "" : ` at ${place}`}`;
    return new HostError(mask(`${failure.message} (unexpected ${failure.name} in ${where})`));
  }
}

/** Where the program's inputs are secrets, to be known in later calls too. */
function marksIn(bag: Bag): Bag {
  const marks = bag[secretsProperty];
  return marks === undefined ? {} : { [secretsProperty]: marks };
}

/** No URN looks like it. */
function markOf(id: string): string {
  return `id ${id}`;
}

interface Replaced {
  readonly id: string;
  readonly owners: readonly string[] | undefined;
}

function ownersIn({ __owners: owners }: Bag): readonly string[] | undefined {
  return typeof owners === "string" ? owners.split(" ") : undefined;
}

/** A refresh leaves what the state remembers as it is. */
function remembered({ __owners: owners }: Bag): Bag {
  return owners === undefined ? {} : { __owners: owners };
}

/** The program sends it along, for the first request of a process. */
function urnIn(bag: Bag): string | undefined {
  const urn = bag["__urn"];
  return typeof urn === "string" && urn.startsWith("urn:pulumi:") ? urn : undefined;
}
