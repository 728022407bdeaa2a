import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { appLabels, deployment, helperLabels } from "../provider/render/kubernetes/deployment";
import { Password } from "../provider/resources/password";
import { contextsProblems, resolveContexts } from "./contextsArgs";
import { nuiShape } from "./helperShape";
import { helperProblems, KubernetesHelper, refuse, secretData } from "./kubernetesHelper";
import type { NuiArgs } from "./nuiArgs";

const defaultImage = "ghcr.io/nats-nui/nui:0.9.3";
const port = 31311;

/**
 * NUI, the web interface for NATS, with its connections from a Secret. It asks nobody who he is: whoever reaches it has the
 * rights of all its connections, so give them users that may do little, and the Service no way in that needs no login.
 *
 * @example
 * ```ts
 * const nui = new nats.Nui("nui", { namespace: "nats", contexts: { app: { cluster: east, user: "viewer", password } } });
 * // kubectl port-forward -n nats service/nui 31311
 * ```
 */
export class Nui extends pulumi.ComponentResource {
  /** Where it is reached inside Kubernetes; there once it serves. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: NuiArgs, options?: pulumi.ComponentResourceOptions) {
    super("nats:index:Nui", name, {}, options);
    refuse(`nats.Nui "${name}"`, nuiShape(args, ""));
    const object = args.name ?? name;
    refuse(`nats.Nui "${name}"`, [...problemsOf(object, args)]);
    const helper = new KubernetesHelper(this, name, args, { options, connections: Object.values(args.contexts) });
    const { namespace, service = {} } = args;
    const labels = helperLabels({ app: "nui", name: object, labels: args.labels ?? {} });
    const metadata = (of: string): { name: string; namespace: string; labels: Record<string, string> } => ({
      name: of,
      namespace,
      labels,
    });
    const { models, files } = resolveContexts(args.contexts, "/contexts");
    const secret = helper.make("contexts", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: metadata(`${object}-contexts`),
      type: "Opaque",
      data: secretData(files),
    });
    // It takes a CA from a context only beside a client's certificate; what its machine trusts it takes always.
    const trusted = pulumi.unsecret(
      models.apply((all) =>
        Object.values(all)
          .flatMap(({ ca }) => ca ?? [])
          .join("\n"),
      ),
    );
    const authorities = helper.make("authorities", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadata(`${object}-authorities`),
      data: { "ca.pem": trusted },
    });
    const salt = new Password(`${name}-digest`, {}, { parent: this }).result;
    const manifest = deployment({
      name: object,
      namespace,
      app: "nui",
      labels: args.labels ?? {},
      // A plain digest would let passwords be guessed.
      podAnnotations: { "nats.io/contexts": pulumi.unsecret(pulumi.all([salt, files]).apply(digestOf)) },
      image: args.image ?? defaultImage,
      imagePullPolicy: args.imagePullPolicy,
      imagePullSecrets: args.imagePullSecrets,
      resources: args.resources,
      command: ["/cmd/nui-web"],
      args: [
        "--db-path=/data/db",
        "--proto-schemas-path=/data/protoschemas",
        "--log-output=",
        "--nats-cli-contexts=/contexts",
      ],
      env: [{ name: "SSL_CERT_DIR", value: "/authorities:/etc/ssl/certs" }],
      ports: { http: port },
      probes: { ready: { path: "/health", port: "http" }, alive: { path: "/health", port: "http" } },
      volumes: [
        { name: "data", mountPath: "/data" },
        { name: "contexts", mountPath: "/contexts", secret: `${object}-contexts` },
        { name: "authorities", mountPath: "/authorities", configMap: `${object}-authorities` },
      ],
      user: 1001,
    });
    const pods = helper.make("", manifest, { dependsOn: [secret, authorities] });
    const entry = helper.make("service", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata(object), ...(service.annotations ? { annotations: service.annotations } : {}) },
      spec: {
        type: service.type ?? "ClusterIP",
        selector: appLabels({ app: "nui", name: object }),
        ports: [{ name: "http", port: service.port ?? port, targetPort: "http" }],
      },
    });
    this.url = pulumi
      .all([pods.urn, entry.urn])
      .apply(() => `http://${object}.${namespace}.svc:${service.port ?? port}`);
    this.registerOutputs({ url: this.url });
  }
}

function digestOf([salt, files]: [string, Readonly<Record<string, string>>]): string {
  return createHmac("sha256", salt).update(JSON.stringify(files)).digest("hex").slice(0, 12);
}

function* problemsOf(name: string, args: NuiArgs): Generator<Problem> {
  yield* helperProblems(name, args);
  yield* contextsProblems(args.contexts);
  for (const [context, connection] of Object.entries(args.contexts)) {
    for (const [key, fix] of [
      ["nkey", "creds, or user and password"],
      ["tlsFirst", "servers without tls.handshakeFirst, or with handshakeFirst: auto"],
    ] as const) {
      if (connection[key] === undefined) continue;
      yield { path: `contexts.${context}.${key}`, reason: "NUI reads no such thing from a context", fix };
    }
  }
  if (args.service?.type === "NodePort" || args.service?.type === "LoadBalancer") {
    yield {
      path: "service.type",
      reason: `a ${args.service.type} lets everybody in who reaches it, and NUI asks nobody for a login`,
      fix: "a ClusterIP behind an Ingress with a login",
      severity: "warning",
    };
  }
}
