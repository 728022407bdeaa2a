import assert from "node:assert/strict";
import type { CallContext, Handler, Live } from "../../provider/host/handler";
import { ownerTag } from "../../provider/model/ownership";

/** What the lifecycle suite needs to know of one kind of resource. */
export interface Contract<Inputs extends object, State extends Inputs> {
  readonly handler: Handler<Inputs, State>;
  /** Configuration of the provider, once servers run. */
  readonly config: () => ReadonlyMap<string, string>;
  /** A first description of the object. */
  readonly first: Inputs;
  /** A change in place, and the property paths that it is made of. */
  readonly changed: { readonly inputs: Inputs; readonly paths: readonly string[] };
  /** A change that needs a new object, and the property that says so; maps replace single members only. */
  readonly replaced?: { readonly inputs: Inputs; readonly path: string };
  /** Something that check must refuse: the path and a part of what it says. */
  readonly refused: readonly {
    readonly inputs: Inputs;
    readonly path: string;
    readonly reason: RegExp;
    readonly fix?: RegExp;
  }[];
  /** Changes the object behind the resource's back; the property that differs then. */
  readonly drift: { readonly make: () => Promise<void>; readonly path: string };
  /** Removes the object behind the resource's back. */
  readonly remove: () => Promise<void>;
  /** True while the object is there. */
  readonly exists: () => Promise<boolean>;
  /** Id of an import, where it is another one than the resource's. */
  readonly importId?: string;
  /** Id of the same object in the Terraform provider. */
  readonly terraformId?: string;
  /** What an import of the id yields for `first`; default: `first` itself. */
  readonly imported?: object;
  /** No server knows who made it: another owner is told by other content alone. */
  readonly ownerless?: true;
  /** There is no room for the mark of who wrote it. */
  readonly unmarked?: true;
  /** It can't be read by its id alone. */
  readonly notImportable?: true;
  /** Its keys are in the state alone, which keeps it where the servers lack it. */
  readonly outlivesServers?: true;
  /** Texts that must stand nowhere in a state. */
  readonly secrets?: readonly string[];
}

export interface Said {
  readonly context: CallContext;
  readonly lines: string[];
}

/** A context as the host makes it; what is said goes to `lines`. */
export function contextOf(config: ReadonlyMap<string, string>, urn: string | undefined): Said {
  const lines: string[] = [];
  const say = async (message: string): Promise<void> => {
    lines.push(message);
  };
  return { context: { config, urn, timeout: undefined, warn: say, info: say }, lines };
}

/** The life of a resource on a real server, the same for every kind. */
export function lifecycle<Inputs extends object, State extends Inputs>(contract: Contract<Inputs, State>): void {
  const { handler, first } = contract;
  const urn = `urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:${handler.kind}::it`;
  const context = () => contextOf(contract.config(), urn).context;
  let id: string;
  let state: State;
  const checked = async (inputs: Inputs, olds?: State): Promise<Inputs> => {
    const result = await handler.check(context(), olds, inputs);
    assert.deepEqual(
      result.problems.filter((problem) => problem.severity !== "warning"),
      [],
    );
    return result.inputs;
  };
  const live = async (): Promise<Live<Inputs, State>> => {
    const found = await handler.read(context(), id, state);
    assert.ok(found, "read finds the object");
    return found;
  };

  it("is created", async () => {
    ({ id, state } = await handler.create(context(), await checked(first)));
    assert.equal(await contract.exists(), true);
  });

  it("keeps no secret in its state", () => {
    for (const secret of contract.secrets ?? []) assert.equal(JSON.stringify(state).includes(secret), false);
    assert.deepEqual({ ...state, ...first }, state);
  });

  it("has no change right after that, nor after a refresh", async () => {
    assert.deepEqual((await handler.diff(context(), id, state, await checked(first, state))).changes, {});
    const read = await live();
    assert.deepEqual(read.inputs, first);
    assert.deepEqual(read.state, state);
  });

  it("is created again by an interrupted create of its own", async () => {
    const again = await handler.create(context(), await checked(first));
    assert.deepEqual(again, { id, state });
  });

  const notTaken = async (): Promise<void> => {
    const other = contextOf(contract.config(), `${urn}-other`).context;
    if (handler.marks) {
      const { problems } = await handler.check(other, undefined, first);
      const told = problems.find(({ reason }) => /exists already.*refuses it unless it is gone/.test(reason));
      assert.equal(told?.severity, "warning", JSON.stringify(problems));
    }
    await assert.rejects(
      handler.create(other, first),
      /exists already.*belongs to urn:pulumi:test::suite.*adopt: true/s,
    );
  };
  if (!contract.ownerless) it("is not taken from another owner", notTaken);

  it("changes in place, only what has changed", async () => {
    const news = await checked(contract.changed.inputs, state);
    const diff = await handler.diff(context(), id, state, news);
    assert.deepEqual(Object.keys(diff.changes).sort(), [...contract.changed.paths].sort());
    assert.ok(Object.values(diff.changes).every((kind) => !kind.endsWith("-replace")));
    state = await handler.update(context(), id, state, news);
    assert.deepEqual((await live()).inputs, contract.changed.inputs);
    assert.deepEqual((await handler.diff(context(), id, state, news)).changes, {});
  });

  const { replaced } = contract;
  if (replaced) {
    it("is replaced where it can't change", async () => {
      const diff = await handler.diff(context(), id, state, await checked(replaced.inputs, state));
      assert.match(diff.changes[replaced.path] ?? "", /-replace$/);
    });
  }

  for (const { inputs, path, reason, fix } of contract.refused) {
    it(`refuses ${path}: ${reason.source}`, async () => {
      const { problems } = await handler.check(context(), undefined, inputs);
      const found = problems.find((problem) => problem.path === path);
      assert.ok(found, `a problem at ${path}; there are ${JSON.stringify(problems)}`);
      assert.match(found.reason, reason);
      if (fix) assert.match(found.fix ?? "", fix);
    });
  }

  it("sees what was changed outside, and puts it back", async () => {
    await contract.drift.make();
    const { inputs, state: drifted } = await live();
    const diff = await handler.diff(context(), id, drifted, contract.changed.inputs);
    assert.deepEqual(Object.keys(diff.changes), [contract.drift.path]);
    assert.notDeepEqual(inputs, contract.changed.inputs);
    state = await handler.update(context(), id, drifted, contract.changed.inputs);
    assert.deepEqual((await live()).inputs, contract.changed.inputs);
  });

  const isImported = async (): Promise<void> => {
    const found = await handler.read(context(), contract.importId ?? id, undefined);
    assert.deepEqual(found?.inputs, contract.imported ?? contract.changed.inputs);
    const diff = await handler.diff(context(), id, found.state, contract.changed.inputs);
    assert.deepEqual(diff.changes, {});
  };
  if (!contract.notImportable) it("is imported with the inputs that describe it", isImported);

  const { terraformId } = contract;
  if (terraformId !== undefined) {
    it(`is imported as ${terraformId}, and changed under that id`, async () => {
      const found = (await handler.read(context(), terraformId, undefined))!;
      const { inputs } = contract.changed;
      assert.deepEqual(found.inputs, inputs);
      assert.deepEqual((await handler.diff(context(), terraformId, found.state, inputs)).changes, {});
      const other = await handler.update(context(), terraformId, found.state, await checked(first, found.state));
      const read = (await handler.read(context(), terraformId, other))!;
      assert.deepEqual([read.inputs, (await live()).inputs], [first, first]);
      state = await handler.update(context(), terraformId, read.state, await checked(inputs, read.state));
      assert.deepEqual((await live()).inputs, inputs);
    });
  }

  const staysTaken = async (): Promise<void> => {
    const [news, otherUrn] = [contract.changed.inputs, `${urn}-other`];
    const other = contextOf(contract.config(), otherUrn).context;
    const said = contextOf(contract.config(), urn);
    const theirs = await handler.create(other, { ...first, adopt: true });
    await handler.read(said.context, id, state);
    assert.ok(said.lines.join("\n").includes(`changed outside of this stack, by ${otherUrn}`), said.lines.join("\n"));
    await handler.update(other, theirs.id, theirs.state, { ...news, adopt: true });
    await handler.delete(said.context, id, state);
    assert.equal(await contract.exists(), true);
    assert.ok(said.lines.join("\n").includes(`belongs to ${otherUrn} now: it stays as it is`), said.lines.join("\n"));
    ({ id, state } = await handler.create(context(), { ...news, adopt: true }));
  };
  if (handler.marks && !contract.unmarked) it("is left to another that has taken it over", staysTaken);

  it("is deleted, under another name too, and deleting it again succeeds", async () => {
    const renamed = { ...contextOf(contract.config(), `${urn}-renamed`).context, owners: [ownerTag(urn)] };
    await handler.delete(handler.marks ? renamed : context(), terraformId ?? id, state);
    assert.equal(await contract.exists(), false);
    await handler.delete(context(), id, state);
    if (contract.outlivesServers) return;
    assert.equal(await handler.read(context(), terraformId ?? id, state), undefined);
  });

  if (contract.outlivesServers) return;
  it("is seen as gone when it was removed outside", async () => {
    ({ id, state } = await handler.create(context(), await checked(first)));
    await contract.remove();
    assert.equal(await handler.read(context(), id, state), undefined);
    if (contract.notImportable) return;
    assert.equal(await handler.read(context(), contract.importId ?? id, undefined), undefined);
  });
}
