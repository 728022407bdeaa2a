import assert from "node:assert/strict";
import { NatsError } from "../../../provider/errors";
import { adapt } from "../../../provider/host/adapt";
import type { Bag } from "../../../provider/host/dynamicProvider";
import { PartialFailure, isUnknown, unknownValue } from "../../../provider/host/handler";
import type { Diff, Handler } from "../../../provider/host/handler";
import { secretsProperty } from "../../../provider/host/providerText";
import { ownerTag } from "../../../provider/model/ownership";

interface Inputs {
  readonly name: string;
  readonly size?: number;
  readonly password?: string;
}

interface State extends Inputs {
  readonly made: string;
}

/** A handler that remembers what it was given. */
function recorder(over: Partial<Handler<Inputs, State>> = {}): { handler: Handler<Inputs, State>; seen: unknown[] } {
  const seen: unknown[] = [];
  const handler: Handler<Inputs, State> = {
    kind: "Thing",
    schema: 2,
    upgrade: (state, from) => ({ ...(state as unknown as State), made: `upgraded from ${from}` }),
    check: async (context, olds, news) => {
      seen.push({ olds, news, config: Object.fromEntries(context.config) });
      return { inputs: news, problems: [] };
    },
    diff: async (_context, id, olds, news): Promise<Diff> => {
      seen.push({ id, olds, news });
      return { changes: olds.size === news.size ? {} : { size: "update" } };
    },
    create: async (_context, inputs) => ({ id: inputs.name, state: { ...inputs, made: "now" } }),
    read: async (_context, _id, state) => {
      seen.push({ state });
      return state && { inputs: { name: state.name }, state };
    },
    update: async (_context, _id, olds, news) => ({ ...news, made: olds.made }),
    delete: async (_context, _id, state) => void seen.push({ deleted: state }),
    ...over,
  };
  return { handler, seen };
}

const hidden = { __provider: "text", __schema: 2 };

describe("A handler in Pulumi's hands", () => {
  it("sees nothing of what is hidden, and one marker for every unknown", async () => {
    const { handler, seen } = recorder();
    const provider = adapt(handler);
    const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
    const news: Bag = {
      name: "a",
      list: unknownList,
      deep: [{ value: unknownList }],
      __provider: "text",
      __urn: "urn:pulumi:x",
    };
    const { inputs } = await provider.check({}, news);
    assert.deepEqual(seen, [
      { olds: undefined, news: { name: "a", list: unknownValue, deep: [{ value: unknownValue }] }, config: {} },
    ]);
    assert.equal(isUnknown((inputs as { list: unknown }).list), true);
    assert.deepEqual(inputs, { name: "a", list: unknownValue, deep: [{ value: unknownValue }], __schema: 2 });
  });

  it("gets the settings of the nats namespace only", async () => {
    const { handler, seen } = recorder();
    const provider = adapt(handler);
    const rawConfig = { "nats:servers": "nats://a", "aws:region": "x", "bed:own": "y" };
    await provider.configure({ config: { rawConfig, get: () => undefined } as { get(): undefined } });
    await provider.check({}, { name: "a" });
    assert.deepEqual((seen[0] as { config: unknown }).config, { servers: "nats://a" });
  });

  it("reports errors with their place, and no value beside them", async () => {
    const problem = { path: "size", reason: "-1: too small", fix: "size: 1" };
    const { handler } = recorder({ check: async (_c, _o, news) => ({ inputs: news, problems: [problem] }) });
    const { failures } = await adapt(handler).check({}, { name: "a" });
    assert.deepEqual(failures, [{ property: "", reason: "size: -1: too small. Fix: size: 1" }]);
  });

  it("sees an old state in the shape of today", async () => {
    const { handler, seen } = recorder();
    await adapt(handler).delete("a", { name: "a", __provider: "text", __schema: 1 });
    assert.deepEqual(seen, [{ deleted: { name: "a", made: "upgraded from 1" } }]);
  });

  it("refuses a state that a newer package wrote", async () => {
    const { handler } = recorder();
    await assert.rejects(
      adapt(handler).delete("a", { name: "a", __schema: 3 }),
      /^the state is of shape 3, the installed pulumi-nats knows shapes up to 2: a newer pulumi-nats wrote it\. Fix: npm install pulumi-nats@latest$/,
    );
  });

  it("answers a diff with what changes and what that replaces", async () => {
    const changes = { size: "update", 'tags["a.b"].c': "add", name: "update-replace" } as const;
    const { handler } = recorder({ diff: async () => ({ changes, deleteBeforeReplace: true }) });
    const answer = await adapt(handler).diff("a", { ...hidden, name: "a" }, { name: "b" });
    assert.deepEqual(answer, { changes: true, replaces: ["name"], deleteBeforeReplace: true });
    const same = await adapt(recorder().handler).diff("a", { ...hidden, size: 1 }, { size: 1 });
    assert.deepEqual(same, { changes: false, replaces: [], deleteBeforeReplace: false });
  });

  it("stores what Pulumi can store, with the number of the shape", async () => {
    const state = { name: "a", made: "now", none: undefined, big: 5n, map: new Map([["k", 1]]), list: [1, undefined] };
    const { handler } = recorder({ create: async () => ({ id: "a", state }) });
    const { outs } = await adapt(handler).create({ name: "a" });
    assert.deepEqual(outs, { name: "a", made: "now", big: 5, map: { k: 1 }, list: [1, null], __schema: 2 });
  });

  it("announces nothing in a refresh, and says what it found instead", async () => {
    const lines: string[] = [];
    const log = console.log;
    console.log = (line: string) => void lines.push(line);
    try {
      const diff = async (): Promise<Diff> => ({
        changes: { size: "update" },
        notes: [{ severity: "info", message: "will be changed" }],
        drift: [{ severity: "info", message: "was changed" }],
      });
      const seen: unknown[] = [];
      const { handler } = recorder({
        diff: (context) => {
          seen.push(context.refreshing);
          return diff();
        },
      });
      const provider = adapt(handler);
      const state = { ...hidden, name: "a", made: "then" };
      const compare = async (): Promise<void> => void (await provider.diff("a", state, { name: "a" }));
      await provider.read("a", state);
      await compare();
      await provider.check(state, { name: "a" });
      await compare();
      assert.deepEqual(lines, ['Thing "a": was changed', 'Thing "a": will be changed']);
      assert.deepEqual(seen, [true, false]);
    } finally {
      console.log = log;
    }
  });

  it("tells a refresh from an import, and what is gone from what never was", async () => {
    const { handler, seen } = recorder();
    const provider = adapt(handler);
    const read = await provider.read("a", { ...hidden, name: "a", made: "then" });
    assert.deepEqual(read.inputs, { name: "a", __schema: 2 });
    assert.deepEqual(seen, [{ state: { name: "a", made: "then" } }]);
    await assert.rejects(provider.read("a", { __provider: "text" }), /^Thing "a" does not exist on the server$/);
    const gone = adapt(recorder({ read: async () => undefined }).handler);
    assert.deepEqual(await gone.read("a", { ...hidden, name: "a" }), { id: "", props: {} });
  });

  it("keeps what stands of half a change, with what later calls need", async () => {
    const failure = new PartialFailure("a", { name: "a", made: "half" }, ["one", "two with s3cret"]);
    const { handler } = recorder({
      create: async () => {
        throw failure;
      },
    });
    await assert.rejects(adapt(handler).create({ name: "a", password: "s3cret", __provider: "text" }), (error) => {
      const { id, properties, reasons, message } = error as Error & Record<string, unknown>;
      assert.equal(id, "a");
      assert.deepEqual(properties, { name: "a", made: "half", __schema: 2, __provider: "text" });
      assert.deepEqual(reasons, ["one", "two with [secret]"]);
      assert.equal(message, "one\ntwo with [secret]");
      return true;
    });
  });

  it("shows one message without a stack, and no secret of its inputs or settings", async () => {
    const { handler } = recorder({
      update: async () => {
        throw new NatsError('the server says "bad s3cret-pw of hunter22"');
      },
    });
    const provider = adapt(handler);
    const rawConfig = { "nats:password": "hunter22" };
    await provider.configure({ config: { rawConfig, get: () => undefined } as { get(): undefined } });
    await assert.rejects(provider.update("a", hidden, { name: "a", password: "s3cret-pw" }), (error: Error) => {
      assert.equal(error.message, 'the server says "bad [secret] of [secret]"');
      assert.equal(error.stack, "");
      assert.equal(String(error), error.message);
      return true;
    });
  });

  it("shows names and addresses that stand beside secrets, where only the whole is marked", async () => {
    const servers = [
      {
        cluster: "east",
        creds: "s3cret-creds",
        through: { kubeconfig: "apiVersion: v1\ntoken: s3cret-line-of-a-file" },
      },
    ];
    const marked = { name: "a", servers, [secretsProperty]: ["servers"] };
    const said = async (mixed?: readonly string[]): Promise<string> => {
      const { handler } = recorder({
        ...(mixed ? { mixed } : {}),
        update: async () => {
          throw new NatsError(`east refuses s3cret-creds: ${servers[0]!.through.kubeconfig}`);
        },
      });
      const failed = adapt(handler).update("a", hidden, marked);
      return failed.then(
        () => "",
        ({ message }: Error) => message,
      );
    };
    assert.equal(await said(["servers"]), "east refuses [secret]: [secret]");
    assert.equal(await said(), "[secret] refuses [secret]: [secret]");
  });

  it("says where a mistake of ours happened", async () => {
    const { handler } = recorder({
      delete: async () => {
        throw new TypeError("x is not a function");
      },
    });
    await assert.rejects(
      adapt(handler).delete("a", hidden),
      /^x is not a function \(unexpected TypeError in Thing\.delete/,
    );
  });
});

describe("The marks of a handler's objects", () => {
  const [first, second, other] = ["urn:pulumi:x::first", "urn:pulumi:x::second", "urn:pulumi:x::other"];
  const seen: (readonly string[] | undefined)[] = [];
  const marking = (over: Partial<Handler<Inputs, State>> = {}): ReturnType<typeof adapt> =>
    adapt(recorder({ marks: true, delete: async ({ owners }) => void seen.push(owners), ...over }).handler);

  it("are remembered under every name that the resource has had", async () => {
    const { outs } = await marking().create({ name: "a", __urn: first });
    assert.equal(outs["__owners"], ownerTag(first));
    const renamed = await marking().update("a", outs, { name: "a", size: 2, __urn: second });
    assert.equal(renamed.outs["__owners"], `${ownerTag(first)} ${ownerTag(second)}`);
    const read = await marking().read("a", renamed.outs);
    assert.equal(read.props["__owners"], renamed.outs["__owners"]);
    await marking().delete("a", read.props);
    assert.deepEqual(seen, [[ownerTag(first), ownerTag(second)]]);
  });

  it("are those that an import finds", async () => {
    const live = { inputs: { name: "a" }, state: { name: "a", made: "then" }, owners: [other] };
    const { props } = await marking({ read: async () => live }).read("a", { __provider: "text", __urn: first });
    assert.equal(props["__owners"], `${ownerTag(other)} ${ownerTag(first)}`);
  });

  it("are known to what replaces them, and stand in half a change too", async () => {
    const failure = new PartialFailure("a", { name: "a", made: "half" }, ["one"]);
    const provider = marking({
      diff: async () => ({ changes: { size: "update-replace" } }),
      create: async ({ owners }) => {
        seen.push(owners);
        throw failure;
      },
    });
    seen.length = 0;
    const olds = { ...hidden, name: "a", __owners: ownerTag(first) };
    await provider.diff("a", olds, { name: "a", __urn: second });
    await assert.rejects(provider.create({ name: "a", __urn: second }), (error) => {
      const { properties } = error as Error & { properties: Bag };
      assert.equal(properties["__owners"], `${ownerTag(first)} ${ownerTag(second)}`);
      return true;
    });
    assert.deepEqual(seen, [[ownerTag(first)]]);
  });
});

describe("Taking over what exists", () => {
  const live = { name: "a", size: 5, made: "then", password: "old-pw" };
  const adopting = (over: Partial<Handler<Inputs, State>> = {}): ReturnType<typeof adapt> =>
    adapt(recorder({ read: async () => ({ inputs: { name: "a", size: 5 }, state: live }), ...over }).handler);

  it("stores the live state under the id", async () => {
    const { id, outs } = await adopting().create({ name: "a", size: 5, __import: "a" });
    assert.equal(id, "a");
    assert.deepEqual(outs, { ...live, __schema: 2 });
  });

  it("says whose it is by now, in a preview and in an import; what is only looked at, or is ours, is not told", async () => {
    const lines: string[] = [];
    const log = console.log;
    console.log = (line: string) => void lines.push(line);
    try {
      const owners = ["urn:pulumi:other", "urn:pulumi:third"];
      const marked = { "urn:pulumi:third": '2 things ("a", "b")' };
      const read = async () => ({ inputs: { name: "a" }, state: { name: "a", made: "then" }, owners, marked });
      const provider = adopting({ read });
      await provider.check({}, { name: "a", __import: "a", __urn: "urn:pulumi:x" });
      const both =
        "with an import both programs have it, and either one changes and deletes it as its own. " +
        "Fix: take it out of that program first (with retainOnDelete: true there), or adopt: true instead";
      assert.deepEqual(lines, [
        `warning: Thing "a": import: Thing "a" belongs to urn:pulumi:other: ${both}`,
        `warning: Thing "a": import: 2 things ("a", "b") belong to urn:pulumi:third: ${both}`,
        'Thing "a": imports Thing "a" as it is',
      ]);
      lines.length = 0;
      await provider.check({}, { name: "a", __import: "a", __urn: "urn:pulumi:other" });
      assert.equal(lines.filter((line) => line.includes("urn:pulumi:other")).length, 0, "ours");
      assert.equal(lines.filter((line) => line.includes("urn:pulumi:third")).length, 1);
      lines.length = 0;
      await provider.read("a", { ...hidden, name: "a", made: "then" });
      await provider.read("a", { __provider: "text", __urn: "urn:pulumi:x" });
      assert.deepEqual(lines, [], "a refresh, and a program's get");
    } finally {
      console.log = log;
    }
  });

  it("is refused in the preview with each difference, secrets unseen", async () => {
    const diff = async () => ({ changes: { size: "update", password: "update" } as const });
    const { failures } = await adopting({ diff }).check({}, { name: "a", size: 6, password: "new-pw", __import: "a" });
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      [
        'size: import of Thing "a": the live value is 5, the program says 6. Fix: take over the live value, then change it after the import',
        'password: import of Thing "a": the live value is [secret], the program says [secret]. Fix: take over the live value, then change it after the import',
      ],
    );
  });

  it("is refused where nothing is", async () => {
    const { failures } = await adopting({ read: async () => undefined }).check({}, { name: "a", __import: "b" });
    assert.match(failures[0]!.reason, /^import: Thing "b" does not exist on the server\. Fix: /);
  });

  it("is no way for what replaces it, where the option still stands there", async () => {
    const made: object[] = [];
    const provider = adopting({
      diff: async () => ({ changes: { size: "update-replace" } }),
      check: async (context, _olds, news) => {
        made.push({ checked: context.replaces, importing: context.importing });
        return { inputs: news, problems: [] };
      },
      create: async (context, inputs) => {
        made.push({ created: inputs, replaces: context.replaces });
        return { id: "a", state: { ...inputs, made: "now" } };
      },
    });
    const [before, news] = [
      { name: "a", size: 5 },
      { name: "a", size: 6, __import: "a", __urn: "urn:pulumi:x" },
    ];
    await provider.check({ ...before, __schema: 2, __import: "a" }, news);
    await provider.diff("a", { ...hidden, ...before, made: "then" }, news);
    const { inputs, failures } = await provider.check({}, news);
    assert.deepEqual([inputs, failures], [{ name: "a", size: 6, __schema: 2 }, []]);
    await provider.create({ ...inputs, __urn: "urn:pulumi:x" });
    assert.deepEqual(made, [
      { checked: undefined, importing: true },
      { checked: "a", importing: false },
      { created: { name: "a", size: 6 }, replaces: "a" },
    ]);
  });

  it("is over once the resource is in the state", async () => {
    const { inputs, failures } = await adopting().check(
      { name: "a", __schema: 2 },
      { name: "a", size: 6, __import: "a" },
    );
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { name: "a", size: 6, __schema: 2, __import: "a" });
  });
});
