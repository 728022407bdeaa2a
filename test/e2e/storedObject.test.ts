import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { ObjectStore } from "../../provider/resources/objectStore";
import type { ObjectStoreArgs } from "../../provider/resources/objectStore";
import { Provider } from "../../provider/resources/provider";
import { StoredObject } from "../../provider/resources/storedObject";
import type { StoredObjectArgs } from "../../provider/resources/storedObject";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { withStack } from "../bed/stack";

describe("Object stores in a stack", function () {
  this.timeout(240_000);
  const bed = jetStreamBed();
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-objects-"));
  const logo = path.join(dir, "logo.svg");
  after(() => rmSync(dir, { recursive: true }));

  type Objects = Readonly<Record<string, Omit<StoredObjectArgs, "bucket">>>;
  const program =
    (store: ObjectStoreArgs, objects: Objects, options: { import?: boolean } = {}) =>
    async () => {
      const provider = new Provider("here", { servers: bed().server.url });
      const assets = new ObjectStore("assets", store, { provider, ...(options.import ? { import: "assets" } : {}) });
      const stored = Object.entries(objects).map(([name, args]) => {
        const imported = options.import ? { import: `assets/${name}` } : {};
        return new StoredObject(name, { ...args, bucket: assets.bucket }, { provider, ...imported });
      });
      return {
        stream: assets.stream,
        sizes: stored.map(({ size }) => size),
        digests: stored.map(({ digest }) => digest),
      };
    };
  const contentOf = async (name: string): Promise<string> => {
    const out = path.join(dir, "out");
    await natsCli(bed().server.url, "object", "get", "assets", name, "--output", out, "--no-progress", "--force");
    return readFileSync(out, "utf8");
  };
  const putByHand = (name: string, content: string): Promise<string> => {
    const file = path.join(dir, "by-hand");
    writeFileSync(file, content);
    return natsCli(bed().server.url, "object", "put", "assets", file, "--name", name, "--no-progress", "--force");
  };

  it("live through up, preview, change, drift, conflict, external delete and destroy; contents stay out of the state", async () => {
    writeFileSync(logo, "<svg>1</svg>");
    const base: ObjectStoreArgs = { maxBytes: "1MiB", metadata: { team: "billing" } };
    const objects: Objects = {
      "img/logo.svg": { file: logo, headers: { "Content-Type": "image/svg+xml" } },
      greeting: { value: "hello" },
      key: { value: pulumi.secret("s3cret-c0ntent") },
    };
    await withStack(
      program(base, objects),
      async (stack) => {
        const preview = await stack.preview();
        assert.deepEqual(preview.counts, { create: 4 });
        assert.deepEqual(preview.rows, []);
        const up = await stack.up();
        assert.equal(up.outputs["stream"], "OBJ_assets");
        assert.deepEqual(up.outputs["sizes"], [12, 5, 14]);
        assert.equal(await contentOf("img/logo.svg"), "<svg>1</svg>");
        assert.equal(await contentOf("key"), "s3cret-c0ntent");
        assert.deepEqual((await stack.preview()).counts, { same: 4 });
        await stack.refresh();
        assert.deepEqual((await stack.preview()).counts, { same: 4 });
        assert.doesNotMatch(stack.state(), /s3cret-c0ntent|<svg>/);
        assert.match(stack.state(), /SHA-256=/);

        writeFileSync(logo, "<svg>2</svg>");
        const change = await stack.preview();
        assert.deepEqual(change.counts, { update: 1, same: 3 });
        assert.deepEqual(Object.keys(change.step("img/logo.svg").detailedDiff), ["digest"]);
        await stack.up();
        assert.equal(await contentOf("img/logo.svg"), "<svg>2</svg>");

        stack.program = program(base, { ...objects, greeting: { value: "hello", description: "greets" } });
        const words = await stack.preview();
        assert.deepEqual(Object.keys(words.step("greeting").detailedDiff), ["description"]);
        assert.match(words.messages("greeting").join("\n"), /its content stays: nothing is uploaded/);
        await stack.up();

        await putByHand("greeting", "by hand");
        stack.program = program(base, { ...objects, greeting: { value: "hello again" } });
        assert.match(
          (await stack.preview()).messages("greeting").join("\n"),
          /object "greeting" of store "assets" was changed elsewhere .*the write will be refused\. Fix: pulumi refresh/s,
        );
        assert.match((await stack.attempt("up")).text, /was changed elsewhere .*Fix: pulumi refresh/s);
        assert.equal(await contentOf("greeting"), "by hand");
        assert.match((await stack.refresh()).text, /its content, description changed outside of this stack/);
        assert.deepEqual((await stack.preview()).counts, { update: 1, same: 3 });
        await stack.up();
        assert.equal(await contentOf("greeting"), "hello again");

        await natsCli(bed().server.url, "object", "del", "assets", "key", "--force");
        assert.match(
          (await stack.refresh()).text,
          /object "key" of store "assets" is not there any more: it was deleted/,
        );
        assert.deepEqual((await stack.preview()).counts, { create: 1, same: 3 });
        await stack.up();

        await putByHand("of others", "precious");
        const kept = await stack.attempt("destroy");
        assert.match(
          kept.text,
          /object store "assets" holds 1 object, which would be deleted with it\. Fix: set onDataLoss/,
        );
        assert.equal(await contentOf("of others"), "precious");
        stack.env = { PULUMI_NATS_ON_DATA_LOSS: "allow" };
        await stack.destroy();
        assert.equal(await streamInfo(bed().js, "OBJ_assets"), undefined);
      },
      { keep: true },
    );
  });

  it("take in what the nats CLI has stored by import, without an upload", async () => {
    await natsCli(bed().server.url, "object", "add", "assets");
    await putByHand("theirs", "theirs");
    const file = path.join(dir, "theirs");
    writeFileSync(file, "theirs");
    await withStack(program({}, { theirs: { file } }), async (stack) => {
      assert.match((await stack.attempt("up")).text, /object store "assets" exists already .*and no stack made it/);
      const before = (await streamInfo(bed().js, "OBJ_assets"))!.state.messages;
      stack.program = program({}, { theirs: { file } }, { import: true });
      await stack.up();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      assert.equal((await streamInfo(bed().js, "OBJ_assets"))!.state.messages, before);
      stack.program = program({}, { theirs: { file } });
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
    assert.equal(await streamInfo(bed().js, "OBJ_assets"), undefined);
    await deleteStream(bed().js, "OBJ_assets");
  });
});
