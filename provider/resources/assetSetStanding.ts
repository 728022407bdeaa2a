import { newestRelease } from "../model/stream";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member, MemberOutputs } from "./assetSet";
import type { Compared } from "./assetSetCompare";
import { mapOf, outputsOf, ownOf } from "./assetSetMembers";
import type { AssetInfo, AssetOutputs } from "./assetState";

interface Stands<Inputs> {
  readonly member: Member<Inputs>;
  readonly outputs: MemberOutputs | undefined;
}

/** What stands of a map while it changes, and which members failed with what. */
export class SetStanding<Inputs extends object, Set extends AssetSetInputs> {
  readonly #kind: AssetSetKind<Inputs>;
  readonly #news: Set;
  readonly #stands = new Map<string, Stands<Inputs>>();
  readonly #wanted: ReadonlyMap<string, Member<Inputs>>;
  readonly #failures = new Map<string, { readonly member: Member<Inputs>; readonly error: Error }>();
  readonly #late: string[] = [];

  constructor(kind: AssetSetKind<Inputs>, news: Set, { added, changed, removed, same }: Compared<Inputs>) {
    this.#kind = kind;
    this.#news = news;
    for (const member of [...same, ...changed.map(({ before }) => before), ...removed]) this.#put(member);
    this.#wanted = new Map([...same, ...changed.map(({ after }) => after), ...added].map((each) => [each.id, each]));
  }

  get isEmpty(): boolean {
    return this.#stands.size === 0;
  }

  stands(member: Member<Inputs>, info: AssetInfo, version: string): void {
    const state: Inputs & AssetOutputs = this.#kind.states.stateOf(member.full, info, version || newestRelease);
    this.#failures.delete(member.id);
    this.#stands.set(member.id, { member, outputs: outputsOf(state) });
  }

  gone({ id }: Member<Inputs>): void {
    this.#failures.delete(id);
    this.#stands.delete(id);
  }

  failed(member: Member<Inputs>, error: Error): void {
    this.#failures.set(member.id, { member, error });
  }

  late(reason: string): void {
    this.#late.push(reason);
  }

  /** Members that failed with something that others of the map may have been in the way of. */
  passing(): Member<Inputs>[] {
    return [...this.#failures.values()].filter(({ error }) => this.#kind.mayPass(error)).map(({ member }) => member);
  }

  /** The reasons of all that failed, each once with the members that it is about. */
  get reasons(): string[] {
    const groups = new Map<string, string[]>();
    // In the program's order, not in that in which they failed.
    const ids = [...this.#wanted.keys()].filter((id) => this.#failures.has(id));
    for (const id of new Set([...ids, ...this.#failures.keys()])) {
      const { error } = this.#failures.get(id)!;
      const own = new RegExp(`^${this.#kind.noun} "[^"]*"( of stream "[^"]*")?:? `);
      const reason = error.message.replace(own, "");
      const known = groups.get(reason);
      if (known) known.push(id);
      else groups.set(reason, [id]);
    }
    const { noun } = this.#kind;
    const told = [...groups].map(([reason, all]) =>
      all.length === 1
        ? `${noun} "${all[0]}": ${reason}`
        : `${all.length} ${noun}s: ${reason}\n  ${all.map((id) => `"${id}"`).join(", ")}`,
    );
    return [...told, ...this.#late];
  }

  get state(): Set & AssetSetOutputs {
    const { depth, property } = this.#kind;
    const { defaults } = this.#news;
    const owns: [string, unknown][] = [];
    const members: Record<string, MemberOutputs> = {};
    const order = [...this.#wanted.keys(), ...[...this.#stands.keys()].filter((id) => !this.#wanted.has(id))];
    for (const id of order) {
      const found = this.#stands.get(id);
      if (!found) continue;
      const isWanted = this.#wanted.get(id) === found.member;
      // One that is still as it was says so itself where the defaults are others by now.
      const own = isWanted ? found.member.own : ownOf(this.#kind, found.member.full, defaults, found.member.own);
      owns.push([id, own]);
      if (found.outputs) members[id] = found.outputs;
    }
    return {
      ...this.#news,
      [property]: mapOf(depth, owns),
      ...(Object.keys(members).length === 0 ? {} : { members }),
    };
  }

  #put(member: Member<Inputs>): void {
    this.#stands.set(member.id, { member, outputs: member.outputs });
  }
}
