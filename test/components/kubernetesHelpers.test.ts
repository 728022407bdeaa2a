import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Box } from "../../components/box";
import { Nack } from "../../components/nack";
import * as nack from "../../components/nackObjects";
import { Nui } from "../../components/nui";
import { ProblemsError } from "../../provider/errors";
import { register } from "./mocks";

const servers = "nats://east.nats.svc:4222";
const app = { servers, user: "app", password: pulumi.secret("hunter2hunter2") };

async function failureOf(program: () => unknown): Promise<string> {
  let failure = "";
  await register(() => {
    assert.throws(program, (error: Error) => {
      assert.ok(error instanceof ProblemsError, error.stack);
      failure = error.message;
      return true;
    });
  });
  return failure;
}

describe("Nack, Nui and Box, on mocks", () => {
  it("say all that is wrong before anything is made, each with its place and what to type", async () => {
    assert.equal(
      await failureOf(
        () =>
          new Nack("Nack", {
            namespace: "my nats",
            syncInterval: "5 minutes",
            connection: { ...app, creds: "…", cert: "…" },
          }),
      ),
      [
        'nats.Nack "Nack":',
        '  namespace: "my nats" can\'t name a namespace: at most 63 lower-case letters, digits and "-" can. Fix: namespace: "nats"',
        '  name: "Nack" can\'t name objects of Kubernetes: at most 52 lower-case letters, digits and "-", a letter first. Fix: name: "nack"',
        '  syncInterval: "5 minutes" is not a duration (units: ns, us, ms, s, m, h, d, w). Fix: syncInterval: "5m"',
        "  connection.creds: stands beside user: one kind of credentials counts. Fix: without creds",
        "  connection.cert: is of no use without key. Fix: key: …",
        '  connection.user: the controller has no option for it but one that all who see its process can read. Fix: new nats.nack.Account("app", { nack, connection: { … } })',
      ].join("\n"),
    );
    assert.equal(
      await failureOf(
        () => new Box("box", { namespace: "nats", contexts: { "my app": { user: "app" } }, selected: "ops" }),
      ),
      [
        'nats.Box "box":',
        '  contexts: "my app" can\'t name a context: letters, digits, "-", "_" and "." can. Fix: contexts: { "my-app": … }',
        "  contexts.my app.servers: neither cluster nor servers says where to connect. Fix: cluster: east",
        "  contexts.my app.user: is of no use without password. Fix: password: …",
        '  selected: "ops" is none of the contexts, which are my app. Fix: selected: "my app"',
      ].join("\n"),
    );
    assert.match(
      await failureOf(() => new Nui("nui", { namespace: "nats", contexts: { app: { servers, nkey: "SU…" } } })),
      /contexts\.app\.nkey: NUI reads no such thing from a context\. Fix: creds, or user and password/,
    );
    assert.match(
      await failureOf(() => new nack.Stream("ORDERS", { subjects: ["orders.>"] })),
      /nats\.nack\.Stream "ORDERS":\n {2}nack: neither nack nor namespace says where the object shall be/,
    );
  });

  it("take every namespace that Kubernetes takes", async () => {
    const namespace = `1${"a".repeat(62)}`;
    const all = await register(() => {
      new Box("box", { namespace, contexts: { app } });
    });
    const { inputs } = all.find(({ type }) => type.endsWith(":Deployment"))!;
    assert.equal((inputs["metadata"] as { namespace: string }).namespace, namespace);
  });

  it("put objects into other namespaces where the controller looks there", async () => {
    const connection = { servers, nkey: "SUSEED" };
    const failure = await failureOf(() => {
      const own = new Nack("nack", { namespace: "nats", connection });
      new nack.Stream("ORDERS", { nack: own, namespace: "shop", subjects: ["orders.>"] });
    });
    assert.match(
      failure,
      /namespace: "shop" is not that of the controller, "nats", in which alone it looks\. Fix: .*namespaced: false/,
    );
    const all = await register(() => {
      const wide = new Nack("nack", { namespace: "nats", namespaced: false, connection });
      const account = new nack.Account("app", { nack: wide, namespace: "shop", connection: app });
      new nack.Stream("ORDERS", { nack: wide, namespace: "shop", account, subjects: ["orders.>"] });
    });
    const placed = all
      .map(({ type, inputs }) => [type.split(":").at(-1), inputs["metadata"]] as const)
      .filter(([kind]) => kind === "Stream" || kind === "Account" || kind === "Secret")
      .flatMap(([kind, metadata]) => (metadata ? [`${kind} ${(metadata as { namespace: string }).namespace}`] : []));
    assert.deepEqual(placed.sort(), ["Account shop", "Secret nats", "Secret shop", "Stream shop"]);
  });

  it("give every object to transform", async () => {
    const kinds: string[] = [];
    const all = await register(() => {
      new Box("box", {
        namespace: "nats",
        contexts: { app },
        transform: (object) => {
          kinds.push(object.kind);
          return { ...object, metadata: { ...object.metadata, annotations: { owner: "team" } } };
        },
      });
    });
    assert.deepEqual(kinds, ["Secret", "Deployment"]);
    const made = all.filter(({ type }) => /:(Secret|Deployment)$/.test(type));
    for (const { inputs } of made) {
      assert.deepEqual((inputs["metadata"] as { annotations: object }).annotations, { owner: "team" });
    }
  });

  it("keep what is secret out of the arguments of processes", async () => {
    const all = await register(() => {
      new Nack("nack", {
        namespace: "nats",
        connection: { servers: [servers, "nats://west.nats.svc:4222"], nkey: "SUSEED" },
      });
    });
    const pods = all.find(({ type }) => type.endsWith(":Deployment"))!;
    const text = JSON.stringify(pods.inputs);
    assert.match(
      text,
      /"-s","nats:\/\/east\.nats\.svc:4222,nats:\/\/west\.nats\.svc:4222","--nkey=\/etc\/nack\/user\.nk"/,
    );
    assert.equal(text.includes("SUSEED"), false);
  });
});
