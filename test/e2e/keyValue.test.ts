import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readEntry } from "../../provider/apply/keyValueEntries";
import { deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import { KeyValue } from "../../provider/resources/keyValue";
import type { KeyValueArgs } from "../../provider/resources/keyValue";
import { KeyValueEntry } from "../../provider/resources/keyValueEntry";
import type { KeyValueEntryArgs } from "../../provider/resources/keyValueEntry";
import { Provider } from "../../provider/resources/provider";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { withStack } from "../bed/stack";

describe("Key-value buckets in a stack", function () {
  this.timeout(240_000);
  const bed = jetStreamBed();

  type Keys = Readonly<Record<string, Omit<KeyValueEntryArgs, "bucket">>>;
  const program =
    (bucket: KeyValueArgs, keys: Keys, options: { import?: (key: string) => string } = {}) =>
    async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const config = new KeyValue("config", bucket, { provider, ...(options.import ? { import: "config" } : {}) });
      const entries = Object.entries(keys).map(
        ([key, args]) =>
          new KeyValueEntry(
            key,
            { ...args, bucket: config.bucket },
            { provider, ...(options.import ? { import: options.import(key) } : {}) },
          ),
      );
      return {
        bucket: config.bucket,
        stream: config.stream,
        created: config.created,
        revisions: entries.map(({ revision }) => revision),
      };
    };
  const valueOf = async (key: string): Promise<string | undefined> => {
    const entry = await readEntry(bed().js, { bucket: "config", key });
    return entry && !entry.deletion ? entry.value.toString() : undefined;
  };
  const put = (key: string, value: string): Promise<string> =>
    natsCli(bed().server.url, "kv", "put", "config", key, value);

  it("live through up, preview, loss, drift, conflict, external delete and destroy; secrets stay secrets", async () => {
    const keys = (limits: unknown): Keys => ({
      limits: { key: "api.limits", json: limits },
      token: { value: pulumi.secret("s3cret-t0ken") },
      login: { json: { user: "u", password: pulumi.secret("passw0rd-deep") } },
    });
    const base: KeyValueArgs = { history: 5, metadata: { team: "billing" } };
    await withStack(
      program(base, keys({ rate: 100 })),
      async (stack) => {
        const preview = await stack.preview();
        assert.deepEqual(preview.counts, { create: 4 });
        assert.deepEqual(preview.rows, []);
        const up = await stack.up();
        assert.deepEqual([up.outputs["bucket"], up.outputs["stream"]], ["config", "KV_config"]);
        assert.equal(await valueOf("api.limits"), '{"rate":100}');
        assert.equal(await valueOf("token"), "s3cret-t0ken");
        assert.deepEqual((await stack.preview()).counts, { same: 4 });
        assert.deepEqual((await stack.refresh()).counts, { refresh: 4 });
        assert.deepEqual((await stack.preview()).counts, { same: 4 });
        assert.doesNotMatch(stack.state(), /s3cret-t0ken|passw0rd-deep/);

        stack.program = program(base, { ...keys({ rate: 200 }), token: { value: pulumi.secret("n3xt-t0ken") } });
        const change = await stack.preview({ diff: true });
        assert.deepEqual(change.counts, { update: 2, same: 2 });
        assert.deepEqual(Object.keys(change.step("limits").detailedDiff), ["json"]);
        assert.doesNotMatch(change.text, /t0ken"|s3cret|n3xt|passw0rd/);
        await stack.up();
        assert.equal(await valueOf("token"), "n3xt-t0ken");
        assert.doesNotMatch(stack.state(), /s3cret|n3xt|passw0rd/);

        // Somebody else writes; the program wants something else again.
        await put("api.limits", '{"rate": 1}');
        stack.program = program(base, keys({ rate: 300 }));
        assert.match(
          (await stack.preview()).messages("limits").join("\n"),
          /key "api\.limits" of bucket "config" was changed elsewhere: .*the write will be refused\. Fix: pulumi refresh/s,
        );
        assert.match((await stack.attempt("up")).text, /was changed elsewhere: .*Fix: pulumi refresh/s);
        assert.equal(await valueOf("api.limits"), '{"rate": 1}');
        const drift = await stack.refresh();
        assert.match(drift.text, /its value was changed outside of this stack, by a client that is no stack/);
        const back = await stack.preview();
        assert.deepEqual(Object.keys(back.step("limits").detailedDiff), ["json"]);
        await put("token", "t0ken-by-hand");
        const hidden = await stack.refresh({ diff: true });
        assert.doesNotMatch(hidden.text, /t0ken-by-hand|n3xt-t0ken/);
        assert.doesNotMatch(stack.state(), /t0ken-by-hand/);
        await stack.up();
        assert.equal(await valueOf("api.limits"), '{"rate":300}');
        assert.equal(await valueOf("token"), "s3cret-t0ken");

        // Less history deletes values.
        const stored = (await streamInfo(bed().js, "KV_config"))!.state.messages;
        stack.program = program({ ...base, history: 1 }, keys({ rate: 300 }));
        const lossy = await stack.attempt("preview");
        assert.match(
          lossy.rows.find(({ name }) => name === "config")?.message ?? "",
          new RegExp(`history: from 5 to 1: .*deletes ${stored - 3} of ${stored} values.*onDataLoss: "allow"`, "s"),
        );
        stack.program = program({ ...base, history: 1, onDataLoss: "allow" }, keys({ rate: 300 }));
        assert.match((await stack.preview()).messages("config").join("\n"), /deletes \d+ of \d+ values/);
        await stack.up();
        assert.equal((await streamInfo(bed().js, "KV_config"))!.state.messages, 3);

        // A new bucket has the stack's keys again.
        stack.program = program({ ...base, history: 1, storage: "memory", onDataLoss: "allow" }, keys({ rate: 300 }));
        const replacement = await stack.preview();
        assert.match(replacement.messages("config").join("\n"), /storage replaces the bucket/);
        await stack.up();
        assert.equal((await streamInfo(bed().js, "KV_config"))!.config["storage"], "memory");
        assert.equal(await valueOf("token"), "s3cret-t0ken");
        assert.equal(await valueOf("api.limits"), '{"rate":300}');
        assert.deepEqual((await stack.preview()).counts, { same: 4 });

        // What no property says is watched as well.
        const { config } = (await streamInfo(bed().js, "KV_config"))!;
        await updateStream(bed().js, { ...config, allow_direct: false });
        await stack.refresh();
        const watched = await stack.preview();
        assert.deepEqual(watched.counts, { update: 1, same: 3 });
        assert.match(watched.messages("config").join("\n"), /allowDirect was changed outside: it goes back/);
        await stack.up();
        assert.equal((await streamInfo(bed().js, "KV_config"))!.config["allow_direct"], true);
        assert.deepEqual((await stack.preview()).counts, { same: 4 });

        // Deleted outside: seen, and written anew.
        await natsCli(bed().server.url, "kv", "del", "config", "token", "--force");
        assert.match(
          (await stack.refresh()).text,
          /key "token" of bucket "config" is not there any more: it was deleted/,
        );
        assert.deepEqual((await stack.preview()).counts, { create: 1, same: 3 });
        stack.program = program({ ...base, history: 1, storage: "memory" }, keys({ rate: 300 }));
        await stack.up();
        assert.equal(await valueOf("token"), "s3cret-t0ken");

        await put("of.others", "precious");
        const kept = await stack.attempt("destroy");
        assert.match(kept.text, /bucket "config" holds 1 key, which would be deleted with it\. Fix: set onDataLoss/);
        assert.equal(await valueOf("of.others"), "precious");
        assert.equal(await valueOf("token"), undefined);
        await natsCli(bed().server.url, "kv", "del", "config", "of.others", "--force");
        await stack.destroy();
        assert.equal(await streamInfo(bed().js, "KV_config"), undefined);
      },
      { keep: true },
    );
  });

  it("take in what the nats CLI has made by import, and refuse what was not asked for", async () => {
    await natsCli(bed().server.url, "kv", "add", "config", "--history", "3", "--marker-ttl", "1h");
    await put("a/b.c", "hello");
    const bucket: KeyValueArgs = { history: 3, limitMarkerTtl: "1h" };
    const keys: Keys = { "a/b.c": { value: "hello", onDelete: "purge" } };
    await withStack(program(bucket, keys), async (stack) => {
      assert.match(
        (await stack.attempt("up")).text,
        /bucket "config" exists already \(1 values?\) and no stack made it/,
      );
      stack.program = program(bucket, { "a/b.c": { value: "wanted-other" } }, { import: (key) => `config/${key}` });
      const differs = await stack.attempt("preview");
      assert.match(differs.text, /the live value is another one \(not shown\), the program says another one/);
      stack.program = program(bucket, keys, { import: (key) => `config/${key}` });
      await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      stack.program = program(bucket, keys);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
    assert.equal(await streamInfo(bed().js, "KV_config"), undefined);
    await deleteStream(bed().js, "KV_config");
  });
});
