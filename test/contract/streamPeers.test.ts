import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { connect, createInbox } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream, deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { Diff } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { isError } from "../../provider/errors";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamState } from "../../provider/resources/streamState";
import { NatsServer } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

/** Where other tools plan wrongly or not at all; each on a real server with messages in the stream. */
describe("What other tools get wrong about streams", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let js: JetStream;
  let config: ReadonlyMap<string, string>;
  before(async () => {
    server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
    connection = await connect({ servers: server.url });
    js = new JetStream(connection);
    config = new Map([["servers", server.url]]);
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await server.stop();
  });

  const made = async (inputs: StreamInputs, messages = 0): Promise<StreamState> => {
    const { context } = contextOf(config, `urn:${inputs.name}`);
    const checked = await streamHandler.check(context, undefined, inputs);
    assert.deepEqual(checked.problems.filter(isError), []);
    const { state } = await streamHandler.create(context, checked.inputs);
    for (let index = 0; index < messages; index++)
      await connection.request(`${inputs.name}.${index % 5}`, "x", patient);
    return state;
  };
  const problemsOf = async (state: StreamState, news: StreamInputs): Promise<string[]> => {
    const { context } = contextOf(config, `urn:${news.name}`);
    return (await streamHandler.check(context, state, news)).problems.map(({ path, reason }) => `${path}: ${reason}`);
  };
  const diffOf = (state: StreamState, news: StreamInputs): Promise<Diff> =>
    streamHandler.diff(contextOf(config, `urn:${news.name}`).context, news.name, state, news);
  const updated = (state: StreamState, news: StreamInputs): Promise<StreamState> =>
    streamHandler.update(contextOf(config, `urn:${news.name}`).context, news.name, state, news);
  const messagesOf = async (name: string): Promise<number> => (await streamInfo(js, name))!.state.messages;
  const read = async (state: StreamState): Promise<StreamInputs> =>
    (await streamHandler.read(contextOf(config, `urn:${state.name}`).context, state.name, state))!.inputs;

  it("promoting a mirror keeps its messages, and the preview says that it can't be undone", async () => {
    await made({ name: "origin", subjects: ["origin.*"] }, 20);
    const state = await made({ name: "copy", mirror: { name: "origin" } });
    while ((await messagesOf("copy")) < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    const news: StreamInputs = { name: "copy", subjects: ["copy.*"] };
    assert.deepEqual(await problemsOf(state, news), []);
    const diff = await diffOf(state, news);
    assert.deepEqual(diff.changes, { mirror: "delete", subjects: "add" });
    assert.match(
      diff.notes!.map(({ message }) => message).join("\n"),
      /mirror: promotes the mirror .* it can't be undone/,
    );
    await updated(state, news);
    assert.equal(await messagesOf("copy"), 20);
    await connection.request("copy.x", "y", patient);
    assert.equal(await messagesOf("copy"), 21);
  });

  it("switching message TTLs on, schedules on, replaces nothing", async () => {
    const base: StreamInputs = { name: "ttl", subjects: ["ttl.*"] };
    let state = await made(base, 20);
    for (const news of [
      { ...base, allowMsgTtl: true },
      { ...base, allowMsgTtl: true, allowMsgSchedules: true },
    ]) {
      const diff = await diffOf(state, news);
      assert.ok(
        Object.values(diff.changes).every((kind) => kind === "add"),
        JSON.stringify(diff.changes),
      );
      assert.match(diff.notes![0]!.message, /can't be undone/);
      state = await updated(state, news);
      assert.equal(await messagesOf("ttl"), 20);
    }
  });

  it("a retention to workqueue is a replacement, and refused while there are messages", async () => {
    const state = await made({ name: "work", subjects: ["work.*"] }, 20);
    const news: StreamInputs = { name: "work", subjects: ["work.*"], retention: "workqueue" };
    assert.match(
      (await problemsOf(state, news))[0]!,
      /^retention: from "limits" to "workqueue" replaces stream "work" and deletes all 20 messages/,
    );
    assert.deepEqual(await problemsOf(state, { ...news, onDataLoss: "allow" }), []);
    assert.equal((await diffOf(state, news)).changes["retention"], "add-replace");
    // What is allowed is said all the same.
    const { notes = [] } = await diffOf(state, { ...news, onDataLoss: "allow" });
    const said = 'stream "work" is deleted with all that it holds (20 messages), and made anew';
    assert.ok(notes.some(({ message }) => message === said));
    await createConsumer(js, "work", { name: "c", durable_name: "c", ack_policy: "explicit" });
    const { notes: more = [] } = await diffOf(state, { ...news, onDataLoss: "allow" });
    assert.match(
      more.map(({ message }) => message).join("\n"),
      /^1 consumer of stream "work" goes with it: made anew are/m,
    );
  });

  it("one without messages that consumers are in use of says what goes with it, alone, replaced and in a map", async () => {
    const state = await made({ name: "idle", subjects: ["idle.*"] });
    for (const name of ["one", "two"])
      await createConsumer(js, "idle", { name, durable_name: name, ack_policy: "explicit" });
    const inbox = connection.subscribe(createInbox());
    connection.publish("$JS.API.CONSUMER.MSG.NEXT.idle.one", '{"expires":60000000000}', { reply: inbox.getSubject() });
    await connection.flush();
    const { notes = [] } = await diffOf(state, { ...state, storage: "memory" });
    assert.match(
      notes.map(({ message }) => message).join("\n"),
      /^2 consumers of stream "idle", 1 in use, go with it: made anew are/m,
    );
    const map = { streams: { idle: { subjects: ["idle.*"] } } };
    const removed = await streamsHandler.diff(contextOf(config, "urn:idle").context, "map", map, { streams: {} });
    assert.deepEqual(removed.notes, [
      { severity: "warning", message: 'stream "idle": is deleted; takes its 2 consumers, 1 in use, with it' },
    ]);
    const { context, lines } = contextOf(config, "urn:idle");
    await streamHandler.delete(context, "idle", state);
    assert.deepEqual(lines, ['stream "idle" takes its 2 consumers, 1 in use, with it']);
    inbox.unsubscribe();
  });

  it("one that somebody deleted is said to be made anew, beside a change of it", async () => {
    const state = await made({ name: "gone", subjects: ["gone.*"] }, 5);
    await deleteStream(js, "gone");
    const { notes = [] } = await diffOf(state, { name: "gone", subjects: ["gone.*"], maxMsgs: 3 });
    const said = 'stream "gone" is not on the server: it is made anew, empty';
    assert.equal(notes.at(-1)!.message, said);
  });

  it("one that has messages of an earlier one of its name, which the server could not remove in time, says so", async () => {
    const inputs: StreamInputs = { name: "back", subjects: ["back.*"] };
    await made(inputs, 5);
    // As long as this is there, where a server puts what it removes beside, the next to be removed stays where it is.
    const removing = path.join(server.dir, "js", "jetstream", "$G", "streams", ".back");
    mkdirSync(path.join(removing, "msgs"), { recursive: true });
    await deleteStream(js, "back");
    const said = contextOf(config, "urn:back");
    await streamHandler.create(said.context, inputs);
    const holds = 'stream "back" holds 5 messages from the start: of an earlier stream of this name';
    assert.match(said.lines.join("\n"), new RegExp(`^${holds}, .*Fix: \`nats stream purge back\` where`));
    rmSync(removing, { recursive: true });
    await deleteStream(js, "back");
    const quiet = contextOf(config, "urn:back");
    await streamHandler.create(quiet.context, inputs);
    assert.deepEqual(quiet.lines, []);
  });

  it("a persist mode, a storage, a first sequence are replacements", async () => {
    const base: StreamInputs = { name: "fixed", subjects: ["fixed.*"] };
    const state = await made(base);
    assert.deepEqual((await diffOf(state, { ...base, persistMode: "async" })).changes, { persistMode: "add-replace" });
    assert.deepEqual((await diffOf(state, { ...base, storage: "memory" })).changes, { storage: "add-replace" });
    assert.deepEqual((await diffOf(state, { ...base, firstSeq: 100 })).changes, { firstSeq: "add-replace" });
  });

  it("durations below a second and in days arrive exactly", async () => {
    const state = await made({ name: "span", subjects: ["span.*"], maxAge: "1m0.25s", duplicateWindow: "150ms" });
    const { config: live } = (await streamInfo(js, "span"))!;
    assert.equal(live["max_age"], 60_250_000_000);
    assert.equal(live["duplicate_window"], 150_000_000);
    await updated(state, { name: "span", subjects: ["span.*"], maxAge: "90d" });
    assert.equal((await streamInfo(js, "span"))!.config["max_age"], 7_776_000_000_000_000);
  });

  it("placement by tags alone reaches the server", async () => {
    const { context } = contextOf(config, "urn:tagged");
    const inputs: StreamInputs = { name: "tagged", subjects: ["tagged.*"], placement: { tags: ["ssd"] } };
    await streamHandler.create(context, inputs);
    assert.deepEqual((await streamInfo(js, "tagged"))!.config["placement"], { tags: ["ssd"] });
  });

  it("consumer limits come back as they were written", async () => {
    const inputs: StreamInputs = {
      name: "limited",
      subjects: ["limited.*"],
      consumerLimits: { inactiveThreshold: "36h" },
    };
    const state = await made(inputs);
    assert.deepEqual(await read(state), inputs);
    assert.deepEqual((await diffOf(state, inputs)).changes, {});
  });

  it("what somebody else removes is seen: republish, subject transform, placement", async () => {
    const inputs: StreamInputs = {
      name: "gone",
      subjects: ["gone.*"],
      republish: { src: ">", dest: "copies.>", headersOnly: true },
      subjectTransform: { src: "gone.*", dest: "kept.{{wildcard(1)}}" },
      placement: { tags: ["ssd"] },
    };
    const state = await made(inputs);
    const { republish: _r, subject_transform: _t, placement: _p, ...rest } = (await streamInfo(js, "gone"))!.config;
    await updateStream(js, rest);
    assert.deepEqual(await read(state), { name: "gone", subjects: ["gone.*"] });
  });

  it("what is taken out of the program is taken from the server: all optional settings", async () => {
    const base: StreamInputs = { name: "full", subjects: ["full.*"] };
    const state = await made({
      ...base,
      description: "x",
      maxAge: "1h",
      maxMsgs: 5,
      maxMsgsPerSubject: 2,
      allowDirect: true,
      republish: { dest: "copies.>" },
      consumerLimits: { maxAckPending: 5 },
      metadata: { team: "billing" },
      compression: "s2",
    });
    const after = await updated(state, base);
    assert.deepEqual(await read(after), base);
    const imported = await streamHandler.read(contextOf(config, undefined).context, "full", undefined);
    assert.deepEqual(imported!.inputs, base);
  });

  it("what the server adds to the metadata is neither shown nor compared", async () => {
    const state = await made({ name: "labels", subjects: ["labels.*"], metadata: { team: "billing" } });
    const live = (await streamInfo(js, "labels"))!.config["metadata"] as Record<string, string>;
    assert.ok("_nats.ver" in live && "pulumi-nats.owner" in live);
    assert.deepEqual((await read(state)).metadata, { team: "billing" });
  });

  it("a fast batch is refused by name and level where the server is too old", async () => {
    const old = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, "2.12.15");
    try {
      const { context } = contextOf(new Map([["servers", old.url]]), "urn:batch");
      const { problems } = await streamHandler.check(context, undefined, { name: "batch", allowBatched: true });
      assert.match(
        problems[0]!.reason,
        /^allowBatched needs nats-server 2\.14 \(API level 4\); this server is 2\.12\.15 \(API level 3\)$/,
      );
    } finally {
      await closeConnections();
      await old.stop();
    }
  });

  it("another stream with the same subject is named in the preview and by the refusal", async () => {
    await createStream(js, { name: "first", subjects: ["shared.>"] });
    const { context } = contextOf(config, "urn:second");
    const { problems } = await streamHandler.check(context, undefined, { name: "second", subjects: ["x", "shared.a"] });
    assert.deepEqual(
      problems.map(({ path, reason, severity }) => [path, severity, /stream "first"/.test(reason)]),
      [["subjects[1]", "warning", true]],
    );
    await assert.rejects(
      streamHandler.create(context, { name: "second", subjects: ["x", "shared.a"] }),
      /10065.*overlapping: "shared\.a" with stream "first"/s,
    );
  });

  it("a source with another filter is copied from its start again, and the preview says so", async () => {
    await made({ name: "whole", subjects: ["whole.*"] }, 20);
    const state = await made({ name: "part", sources: [{ name: "whole" }] });
    while ((await messagesOf("part")) < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    const news: StreamInputs = { name: "part", sources: [{ name: "whole", filterSubject: "whole.1" }] };
    assert.match(
      (await diffOf(state, news)).notes![0]!.message,
      /^sources.*: changes in place; .*what was copied before may come again/,
    );
    const more: StreamInputs = {
      name: "part",
      sources: [{ name: "whole" }, { name: "whole", filterSubject: "whole.2" }],
    };
    assert.doesNotMatch(JSON.stringify((await diffOf(state, more)).notes), /again/);
    await updated(state, news);
    while ((await messagesOf("part")) < 24) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await messagesOf("part"), 24);
  });

  it("a sealed stream goes on taking what the preview calls a change in place", async () => {
    const inputs: StreamInputs = { name: "shut", subjects: ["shut.*"], sealed: true };
    const state = await made(inputs);
    const news: StreamInputs = { ...inputs, description: "closed books", maxMsgs: 100 };
    assert.deepEqual((await diffOf(state, news)).changes, { description: "add", maxMsgs: "add" });
    const after = await updated(state, news);
    assert.deepEqual(await read(after), news);
    assert.deepEqual((await diffOf(after, news)).changes, {});
  });

  it("deny and seal do not keep a stream from being deleted on the server; we do while it holds messages", async () => {
    const state = await made({ name: "sealed", subjects: ["sealed.*"] }, 2);
    const news: StreamInputs = { name: "sealed", subjects: ["sealed.*"], sealed: true };
    const sealed = await updated(state, news);
    assert.deepEqual((await diffOf(sealed, news)).changes, {});
    const { context } = contextOf(config, "urn:sealed");
    await assert.rejects(streamHandler.delete(context, "sealed", sealed), /stream "sealed" holds 2 messages/);
    assert.equal(await messagesOf("sealed"), 2);
    await streamHandler.delete(context, "sealed", { ...sealed, onDataLoss: "allow" });
    assert.equal(await streamInfo(js, "sealed"), undefined);
  });
});
