import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "nats";
import type { JetStreamManager, NatsConnection } from "nats";
import { Nack } from "../../components/nack";
import * as nack from "../../components/nackObjects";
import type { NackStreamArgs } from "../../components/nackStreamArgs";
import { kubernetesBed } from "../bed/kubernetes/kubernetesBed";
import type { KubernetesBed } from "../bed/kubernetes/kubernetesBed";
import { natsPod } from "../bed/kubernetes/natsPod";
import type { NatsPod } from "../bed/kubernetes/natsPod";
import { withStack } from "../bed/stack";
import { createUser } from "nkeys.js";

const password = "app-password-of-nack-1";
const controller = createUser();
const seed = new TextDecoder().decode(controller.getSeed());

const conf = `accounts {
  SHOP { jetstream: enabled, users: [{ nkey: ${controller.getPublicKey()} }, { user: shop, password: shop }] }
  APP { jetstream: enabled, users: [{ user: app, password: "${password}" }] }
}`;

describe("nats.Nack", function () {
  this.timeout(600_000);
  let bed: KubernetesBed;
  let namespace: string;
  let server: NatsPod;
  const open: NatsConnection[] = [];

  before(async function () {
    bed = await kubernetesBed(this);
    namespace = await bed.namespace("nack");
    server = await natsPod(bed, namespace, conf);
  });

  after(async () => {
    for (const connection of open) await connection.close();
    await bed?.down();
  });

  async function jetStream(user: string, secret: string): Promise<JetStreamManager> {
    const connection = await connect({ servers: server.address, user, pass: secret });
    open.push(connection);
    return connection.jetstreamManager();
  }

  const program =
    (stream: NackStreamArgs = {}, further: () => void = () => undefined) =>
    async () => {
      const controllerOf = new Nack("nack", {
        namespace,
        connection: { servers: server.url, nkey: pulumi.secret(seed) },
        syncInterval: "2s",
      });
      const orders = new nack.Stream("ORDERS", {
        nack: controllerOf,
        subjects: ["orders.>"],
        maxBytes: "16MiB",
        maxAge: "7d",
        ...stream,
      });
      new nack.Consumer("billing", {
        nack: controllerOf,
        streamName: orders.streamName,
        filterSubject: "orders.paid",
        backoff: ["1s", "10s"],
        maxDeliver: 3,
      });
      const app = new nack.Account("app", {
        nack: controllerOf,
        connection: { servers: server.url, user: "app", password: pulumi.secret(password) },
      });
      new nack.Stream("EVENTS", { nack: controllerOf, account: app, subjects: ["events"], preventDelete: false });
      further();
      return {};
    };

  it("says in the controller's words what the server refuses, and goes on once it is put right", async () => {
    const wanted = (replicas: number) => async (): Promise<object> => {
      const app = { servers: server.url, nkey: pulumi.secret(seed) };
      const controllerOf = new Nack("nack", { namespace, connection: app });
      const copies = { nack: controllerOf, subjects: ["copies"], replicas, preventDelete: false };
      new nack.Stream("COPIES", copies, { customTimeouts: { create: "20s" } });
      return {};
    };
    await withStack(
      wanted(3),
      async (stack) => {
        const failed = await stack.attempt("up");
        assert.match(
          failed.text,
          /nack's controller has not made Stream copies so: .*replicas > 1 not supported in non-clustered mode \(10074\)\. To look: kubectl describe -n \S+ streams\.jetstream\.nats\.io copies/,
        );
        stack.program = wanted(1);
        await stack.up();
        const shop = await jetStream("shop", "shop");
        assert.equal((await shop.streams.info("COPIES")).config.num_replicas, 1);
      },
      { env: bed.env },
    );
  });

  it("makes, changes, keeps and lets go of streams and consumers by the real controller", async () => {
    await withStack(
      program(),
      async (stack) => {
        await stack.up();
        const shop = await jetStream("shop", "shop");
        const { config } = await shop.streams.info("ORDERS");
        assert.deepEqual(config.subjects, ["orders.>"]);
        assert.equal(config.max_bytes, 16 * 1024 * 1024);
        assert.equal(config.max_age, 7 * 86_400_000_000_000);
        assert.equal(config.storage, "file");
        const billing = (await shop.consumers.info("ORDERS", "billing")).config;
        assert.equal(billing.ack_policy, "explicit");
        assert.equal(billing.ack_wait, 1_000_000_000);
        assert.deepEqual(billing.backoff, [1_000_000_000, 10_000_000_000]);
        const app = await jetStream("app", password);
        assert.equal((await app.streams.info("EVENTS")).config.max_age, 0, "kept for ever, not for a year");

        const preview = await stack.preview();
        assert.deepEqual(
          preview.steps
            .filter(({ op }) => op !== "same")
            .map(({ kind, name, detailedDiff }) => ({ kind, name, detailedDiff })),
          [],
        );
        for (const secret of [seed, password]) assert.ok(!stack.state().includes(secret), "in the state, in the clear");
        const objects = await bed.kubectl(
          "get",
          "-n",
          namespace,
          "deployments,streams,accounts,configmaps",
          "-o",
          "json",
        );
        for (const secret of [seed, password]) assert.ok(!objects.includes(secret), "outside of Secrets");

        stack.program = program({ maxBytes: "32MiB", maxMsgs: 1000 });
        await stack.up();
        const changed = (await shop.streams.info("ORDERS")).config;
        assert.deepEqual([changed.max_bytes, changed.max_msgs], [32 * 1024 * 1024, 1000]);

        await shop.streams.delete("ORDERS");
        await until(async () => (await shop.streams.info("ORDERS")).config.max_msgs === 1000);

        await stack.destroy();
        assert.equal((await shop.streams.info("ORDERS")).config.max_msgs, 1000, "it outlives the object");
        await assert.rejects(app.streams.info("EVENTS"), /stream not found/);
      },
      { env: bed.env },
    );
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("not so after 30 s");
}
