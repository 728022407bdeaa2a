import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { goDuration, UnitError } from "../provider/model/units";
import type { ConnectModel } from "../provider/render/connectFiles";
import { helperLabels } from "../provider/render/kubernetes/deployment";
import { credentialFiles, nackAccess, nackArgs, nackDeployment } from "../provider/render/nack/controller";
import type { CredentialOption, NackSettings } from "../provider/render/nack/controller";
import { nackDefinitions } from "../provider/render/nack/crds";
import { connectProblems, resolveConnect } from "./connectArgs";
import type { ConnectArgs } from "./connectArgs";
import { nackShape } from "./helperShape";
import { helperProblems, KubernetesHelper, refuse, secretData } from "./kubernetesHelper";
import type { KubernetesAccess } from "./kubernetesProvider";
import type { NackArgs } from "./nackArgs";

const defaultImage = "natsio/jetstream-controller:0.22.4";

/**
 * nack: the controller that keeps streams and consumers as objects of Kubernetes say (`nats.nack.Stream`,
 * `nats.nack.Consumer`, or any manifest of jetstream.nats.io/v1beta2), with the definitions of its kinds. It puts back what
 * others change. What must not be lost on the way is better a `nats.Stream`: nack shows no preview of what a change deletes,
 * and a flag that was once true it never turns off.
 *
 * @example
 * ```ts
 * const nack = new nats.Nack("nack", { namespace: "nats", connection: { cluster: east, creds: controller.creds } });
 * const orders = new nats.nack.Stream("ORDERS", { nack, subjects: ["orders.>"], replicas: 3, maxAge: "7d" });
 * new nats.nack.Consumer("billing", { nack, streamName: orders.streamName, filterSubject: "orders.paid" });
 * ```
 */
export class Nack extends pulumi.ComponentResource {
  /** Namespace of the controller, in which it looks for objects. */
  readonly namespace: string;
  /** False where it looks for objects in all namespaces. */
  readonly namespaced: boolean;
  /** The controller, to depend on. */
  readonly controller: pulumi.Resource;
  /** Provider with which objects for it are made, and the way to its API server. */
  readonly access: KubernetesAccess;

  constructor(name: string, args: NackArgs, own?: pulumi.ComponentResourceOptions) {
    super("nats:index:Nack", name, {}, own);
    refuse(`nats.Nack "${name}"`, nackShape(args, ""));
    const object = args.name ?? name;
    refuse(`nats.Nack "${name}"`, [...problemsOf(object, args)]);
    const connections = args.connection ? [args.connection] : [];
    const helper = new KubernetesHelper(this, name, args, { options: own, connections });
    const labels = helperLabels({ app: "nack", name: object, labels: args.labels ?? {} });
    const definitions =
      args.definitions === false ? [] : nackDefinitions({ "app.kubernetes.io/managed-by": "pulumi-nats" });
    const dependsOn: pulumi.Resource[] = definitions.map((definition) =>
      // Once a kind is gone, so are all of its objects, those of other programs too.
      helper.make(definition.metadata.name, definition, { retainOnDelete: true }),
    );

    const connect = args.connection && resolveConnect(args.connection);
    const given = optionsOf(args.connection);
    const files: pulumi.Output<Record<string, string>> =
      connect?.apply((model) => filesOf(model, given)) ?? pulumi.output<Record<string, string>>({});
    const settings: NackSettings = {
      name: object,
      namespace: args.namespace,
      labels: args.labels ?? {},
      image: args.image ?? defaultImage,
      imagePullPolicy: args.imagePullPolicy,
      imagePullSecrets: args.imagePullSecrets,
      resources: args.resources,
      namespaced: args.namespaced ?? true,
      readOnly: args.readOnly ?? false,
      syncInterval: args.syncInterval === undefined ? undefined : goDuration(args.syncInterval),
      ...(given.length > 0 ? { secret: object } : {}),
      // Keys and seeds can't be guessed from their digest; a new one restarts the controller.
      podAnnotations: { "nats.io/credentials": pulumi.unsecret(files.apply(digestOf)) },
    };
    if (given.length > 0) {
      const metadata = { name: object, namespace: args.namespace, labels };
      const secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: secretData(files) };
      dependsOn.push(helper.make("secret", secret));
    }
    for (const manifest of nackAccess(settings)) {
      dependsOn.push(helper.make(manifest.kind.toLowerCase(), manifest));
    }
    const command = pulumi.unsecret(
      connect?.apply((model) => {
        refuse(`nats.Nack "${name}"`, [...loginProblems(model.servers)]);
        // A cluster without TLS has no CA.
        const present = given.filter((option) => model[options[option]]);
        return nackArgs(settings, model.servers, present, model.tlsFirst ?? false);
      }) ?? pulumi.output(nackArgs(settings, [], [], false)),
    );
    this.controller = helper.make("", nackDeployment(settings, command), { dependsOn });
    this.namespace = args.namespace;
    this.namespaced = settings.namespaced;
    this.access = helper.access;
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** What an option of the controller is called where a connection is described. */
const options = { creds: "creds", nkey: "nkey", tlsca: "ca", tlscert: "cert", tlskey: "key" } as const;

/** Which files there are is known before their contents are. */
function optionsOf(connection: ConnectArgs | undefined): CredentialOption[] {
  if (!connection) return [];
  return (Object.keys(options) as CredentialOption[]).filter(
    (option) => connection[options[option]] !== undefined || (option === "tlsca" && connection.cluster !== undefined),
  );
}

function filesOf(model: ConnectModel, given: readonly CredentialOption[]): Record<string, string> {
  return Object.fromEntries(given.map((option) => [credentialFiles[option], model[options[option]] ?? ""]));
}

function* loginProblems(servers: readonly string[]): Generator<Problem> {
  if (!servers.some((url) => /^[^/]*(\/\/)?[^/]*@/.test(url))) return;
  const reason = "a URL holds a login, which all who see the controller's process could read";
  yield { path: "connection.servers", reason, fix: "URLs without a login, and creds" };
}

function digestOf(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
}

function* problemsOf(name: string, args: NackArgs): Generator<Problem> {
  yield* helperProblems(name, args);
  if (args.syncInterval !== undefined) {
    try {
      goDuration(args.syncInterval);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      yield { path: "syncInterval", reason: error.message, fix: `syncInterval: ${error.fix ?? '"1m"'}` };
    }
  }
  if (!args.connection) return;
  yield* connectProblems("connection", args.connection);
  for (const key of ["user", "token"] as const) {
    if (args.connection[key] === undefined) continue;
    const reason = "the controller has no option for it but one that all who see its process can read";
    yield { path: `connection.${key}`, reason, fix: `new nats.nack.Account("app", { nack, connection: { … } })` };
  }
}
