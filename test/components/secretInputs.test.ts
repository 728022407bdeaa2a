import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { hosts } from "../../components/hosts";
import { kubernetes } from "../../components/kubernetes";
import { SuperCluster } from "../../components/superCluster";
import { thisMachine } from "../../components/thisMachine";
import { splitPath } from "../../provider/conf/path";
import { adapt } from "../../provider/host/adapt";
import type { Bag } from "../../provider/host/dynamicProvider";
import { handlerOf } from "../../provider/host/registry";
import { Account } from "../../provider/resources/account";
import { Operator } from "../../provider/resources/operator";
import { Stream } from "../../provider/resources/stream";
import type { StreamArgs } from "../../provider/resources/stream";
import { User } from "../../provider/resources/user";
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

  it("leave the names beside them in messages, where a component marks the whole of what it hands on", async () => {
    const seen = await register(() => {
      const operator = new Operator("op");
      const kubeconfig = pulumi.secret("apiVersion: v1\n");
      const jetstream = { maxFileStore: "1GiB" } as const;
      const east = new Cluster("east", { target: kubernetes({ namespace: "nats", kubeconfig }), operator, jetstream });
      new User("app", { account: new Account("APP", { cluster: east }) });
      const ssh = { privateKey: pulumi.secret("key") };
      const regions = { one: { target: thisMachine() }, two: { target: hosts(["10.0.1.11"], { ssh }) } };
      new SuperCluster("world", { operator, jetstream, regions });
    });
    const whole = seen.flatMap(({ type, inputs }) => {
      const bag = withoutMarks(inputs) as Bag;
      const paths = (bag["__secrets"] ?? []) as string[];
      const kind = type.split(":").at(-1)!;
      return paths.filter((path) => isWhole(valueAt(bag, path))).map((path) => ({ kind, path }));
    });
    assert.deepEqual([...new Set(whole.map(({ kind, path }) => `${kind} ${splitPath(path)!.at(-1)}`))].sort(), [
      "Account servers",
      "GatewayLinks management",
      "GatewayLinks through",
      "KubernetesPreflight management",
      "KubernetesPreflight target",
      "KubernetesRollout management",
      "KubernetesRollout target",
      "Servers management",
      "User authority",
    ]);
    for (const { kind, path } of whole) {
      const { mixed = [] } = handlerOf(kind)!;
      assert.ok(mixed.includes(String(splitPath(path)!.at(-1))), `${kind}: ${path}`);
    }
  });
});

function isWhole(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function valueAt(bag: Bag, path: string): unknown {
  return splitPath(path)!.reduce<unknown>((value, part) => (value as Bag)[part], bag);
}
