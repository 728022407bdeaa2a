import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { startHubAndLeaf } from "../bed/hubAndLeaf";
import type { HubAndLeaf } from "../bed/hubAndLeaf";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

/** The copies arrive, a refresh shows no change, and an import yields what was written. */
async function areCopied(
  config: ReadonlyMap<string, string>,
  copies: readonly StreamInputs[],
  js: JetStream,
  messages: number,
): Promise<void> {
  for (const copy of copies) {
    const { context } = contextOf(config, `urn:${copy.name}`);
    const { problems, inputs } = await streamHandler.check(context, undefined, copy);
    assert.deepEqual(problems, [], copy.name);
    const { state } = await streamHandler.create(context, inputs);
    await waitFor(`the messages in ${copy.name}`, { timeout: 60_000 }, async () => {
      const { state: live } = (await streamInfo(js, copy.name))!;
      return live.messages === messages ? { value: live } : { pending: `${live.messages} messages` };
    });
    const read = (await streamHandler.read(context, copy.name, state))!;
    assert.deepEqual((await streamHandler.diff(context, copy.name, read.state, copy)).changes, {}, copy.name);
    const imported = (await streamHandler.read(context, copy.name, undefined))!;
    assert.deepEqual(imported.inputs, copy);
    assert.deepEqual((await streamHandler.diff(context, copy.name, imported.state, copy)).changes, {}, copy.name);
  }
}

async function fill(connection: NatsConnection): Promise<void> {
  await createStream(new JetStream(connection), { name: "ORIGIN", subjects: ["origin.*"] });
  for (let index = 0; index < 20; index++) await connection.request(`origin.${index % 2}`, String(index), patient);
}

/** What one account lets the other do, and where its messages go there: all that a copy across accounts needs. */
const accounts = `accounts {
  FROM {
    jetstream: enabled, users: [{ user: from, password: from }]
    exports: [{ service: "$JS.API.>" }, { service: "$JS.FC.>" }, { stream: "copies.>" }]
  }
  TO {
    jetstream: enabled, users: [{ user: to, password: to }]
    imports: [
      { service: { account: FROM, subject: "$JS.API.>" }, to: "JS.FROM.API.>" }
      { service: { account: FROM, subject: "$JS.FC.>" } }
      { stream: { account: FROM, subject: "copies.>" } }
    ]
  }
}`;

for (const version of [serverVersions[0], serverVersions.at(-1)!]) {
  describe(`Copies of a stream of another account, nats-server ${version}`, () => {
    const open: NatsConnection[] = [];
    let server: NatsServer;
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }\n${accounts}`, version);
      for (const user of ["from", "to"]) open.push(await connect({ servers: server.url, user, pass: user }));
      await fill(open[0]!);
    });
    after(async () => {
      await Promise.all(open.map((connection) => connection.close()));
      await closeConnections();
      await server.stop();
    });

    it("come through what it exports, by external.api and external.deliver", async () => {
      const external = { api: "JS.FROM.API", deliver: "copies.to" };
      const config = new Map([
        ["servers", server.url],
        ["user", "to"],
        ["password", "to"],
      ]);
      const copies: StreamInputs[] = [
        { name: "MIRROR", mirror: { name: "ORIGIN", external } },
        {
          name: "SOURCED",
          sources: [
            { name: "ORIGIN", external, subjectTransforms: [{ src: "origin.*", dest: "copy.{{wildcard(1)}}" }] },
          ],
        },
      ];
      await areCopied(config, copies, new JetStream(open[1]!), 20);
      const { state } = (await streamInfo(new JetStream(open[1]!), "SOURCED", { subjects: true }))!;
      assert.deepEqual(state.subjects, { "copy.0": 10, "copy.1": 10 });
      await open[0]!.request("origin.0", "later", patient);
      await waitFor("what is published later", { timeout: 60_000 }, async () => {
        const { messages } = (await streamInfo(new JetStream(open[1]!), "MIRROR"))!.state;
        return messages === 21 ? { value: messages } : { pending: `${messages} messages` };
      });
    });
  });
}

describe("Copies of a stream of another domain", () => {
  const open: NatsConnection[] = [];
  let beds: HubAndLeaf;
  before(async () => {
    beds = await startHubAndLeaf();
    open.push(await connect({ servers: beds.hub.url }), await connect({ servers: beds.leaf.url }));
    await fill(open[0]!);
  });
  after(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await closeConnections();
    await beds.leaf.stop();
    await beds.hub.stop();
  });

  it("come over the leaf node's connection, whole and filtered", async () => {
    const external = { api: "$JS.hub.API" };
    const config = new Map([["servers", beds.leaf.url]]);
    const js = new JetStream(open[1]!);
    await areCopied(config, [{ name: "MIRROR", mirror: { name: "ORIGIN", external } }], js, 20);
    // By the same name: it is another stream there.
    const filtered: StreamInputs = {
      name: "ORIGIN",
      sources: [{ name: "ORIGIN", external, filterSubject: "origin.1" }],
    };
    await areCopied(config, [filtered], js, 10);
  });
});
