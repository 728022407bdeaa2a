import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { thisMachine } from "../../components/thisMachine";
import { adapt } from "../../provider/host/adapt";
import type { Bag } from "../../provider/host/dynamicProvider";
import { handlerOf } from "../../provider/host/registry";
import { Stream } from "../../provider/resources/stream";
import type { StreamArgs } from "../../provider/resources/stream";
import type { Problem } from "../../provider/errors";
import { problemText } from "../../provider/errors";
import { withoutMarks } from "../bed/withoutMarks";
import { register } from "./mocks";

describe("Inputs that a program marks as secret", () => {
  async function inputsOf(program: () => unknown, kind: string): Promise<Bag> {
    const found = (await register(program)).find(({ type }) => type.endsWith(`:${kind}`))!;
    return withoutMarks(found.inputs) as Bag;
  }

  const streamInputs = (args: StreamArgs): Promise<Bag> => inputsOf(() => void new Stream("ORDERS", args), "Stream");

  it("are told to the provider by their places, where their names don't say so", async () => {
    const marked = await streamInputs({
      subjects: ["orders.>", pulumi.secret("hidden.>")],
      description: pulumi.output("open"),
      metadata: { "a.b": pulumi.secret("c"), password: pulumi.secret("d") },
    });
    assert.deepEqual(marked["__secrets"], ["subjects[1]", 'metadata."a.b"']);
    assert.equal("__secrets" in (await streamInputs({ subjects: [pulumi.output("orders.>")] })), false);
  });

  it("stand in no problem that the provider finds, and in no later error", async () => {
    const inputs = await streamInputs({
      subjects: [pulumi.secret("orders..hunter22")],
      maxAge: pulumi.secret("5 hunters"),
      maxMsgs: pulumi.secret(-1234567),
      replicas: 8,
    });
    const provider = adapt(handlerOf("Stream")!);
    const rawConfig = { "nats:servers": "nats://127.0.0.1:1" };
    await provider.configure({ config: { rawConfig, get: () => undefined } as { get(): undefined } });
    const { inputs: checked, failures } = await provider.check({}, inputs);
    const said = failures.map(({ reason }) => reason).join("\n");
    assert.match(said, /^subjects\[0\]: .*\[secret\]/m);
    assert.match(said, /^maxAge: .*\[secret\]/m);
    assert.match(said, /^replicas: 8/m);
    assert.doesNotMatch(said, /hunter|1234567/);
    assert.deepEqual(checked!["__secrets"], inputs["__secrets"]);
    await assert.rejects(provider.create(checked!), (error: Error) => !/hunter|1234567/.test(error.message));
  });

  async function clusterProblems(args: Partial<ClusterArgs>): Promise<string[]> {
    const target = thisMachine({ dir: "/nowhere" });
    const accounts = { APP: { users: [{ user: "app", password: "app-password-1" }] } };
    const program = (): void => void new Cluster("east", { target, accounts, ...args });
    const { problems } = await inputsOf(program, "Servers");
    return (problems as Problem[]).map((problem) => `${problem.path}: ${problemText(problem)}`);
  }

  it("stand in no problem of a cluster", async () => {
    const long = "not a size ".repeat(20);
    const said = await clusterProblems({
      config: {
        maxPayload: pulumi.secret(`hunter ${long}`) as never,
        pingInterval: pulumi.secret(20) as never,
        maxSubscriptions: pulumi.secret("hunter-of-subscriptions") as never,
      },
      jetstream: { maxFileStore: "8 potatoes" as never },
    });
    assert.deepEqual(
      said.map((text) => text.split(":")[0]),
      ["config.maxPayload", "config.pingInterval", "config.maxSubscriptions", "jetstream.maxFileStore"],
    );
    assert.match(said[3]!, /8 potatoes/);
    for (const text of said.slice(0, 3)) {
      assert.match(text, /\[secret\]/);
      assert.doesNotMatch(text, /hunter|not a size|\b20/);
    }
  });
});
