import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { deployment, helperLabels } from "../provider/render/kubernetes/deployment";
import type { BoxArgs } from "./boxArgs";
import { contextsProblems, resolveContexts } from "./contextsArgs";
import { boxShape } from "./helperShape";
import { helperProblems, KubernetesHelper, refuse, secretData } from "./kubernetesHelper";

const defaultImage = "natsio/nats-box:0.19.7-nonroot";
const config = "/config";
const folder = `${config}/nats/context`;

/**
 * A pod with the nats command line beside a cluster, ready to use: its contexts are there, from a Secret. Whoever may
 * `kubectl exec` into it has their rights.
 *
 * @example
 * ```ts
 * const box = new nats.Box("box", { namespace: "nats", contexts: { app: { cluster: east, user: "app", password } } });
 * // kubectl exec -n nats -it deployment/box -- nats stream ls
 * ```
 */
export class Box extends pulumi.ComponentResource {
  /** Command that opens a shell in it. */
  readonly shell: string;
  /** The pod's Deployment, to depend on. */
  readonly deployment: pulumi.Resource;

  constructor(name: string, args: BoxArgs, options?: pulumi.ComponentResourceOptions) {
    super("nats:index:Box", name, {}, options);
    refuse(`nats.Box "${name}"`, boxShape(args, ""));
    const object = args.name ?? name;
    refuse(`nats.Box "${name}"`, [...problemsOf(object, args)]);
    const helper = new KubernetesHelper(this, name, args, { options, connections: Object.values(args.contexts) });
    const { namespace } = args;
    const labels = helperLabels({ app: "nats-box", name: object, labels: args.labels ?? {} });
    const secret = helper.make("contexts", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `${object}-contexts`, namespace, labels },
      type: "Opaque",
      data: secretData(resolveContexts(args.contexts, folder).files),
    });
    const manifest = deployment({
      name: object,
      namespace,
      app: "nats-box",
      labels: args.labels ?? {},
      image: args.image ?? defaultImage,
      imagePullPolicy: args.imagePullPolicy,
      imagePullSecrets: args.imagePullSecrets,
      resources: args.resources,
      command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"],
      env: [
        { name: "HOME", value: "/home/nats" },
        { name: "XDG_CONFIG_HOME", value: config },
        { name: "NATS_CONTEXT", value: args.selected ?? Object.keys(args.contexts)[0] },
      ],
      volumes: [
        { name: "home", mountPath: "/home/nats" },
        { name: "nsc", mountPath: "/nsc" },
        { name: "tmp", mountPath: "/tmp" },
        { name: "config", mountPath: `${config}/nats` },
        { name: "contexts", mountPath: folder, secret: `${object}-contexts` },
      ],
      user: 1000,
    });
    this.deployment = helper.make("", manifest, { dependsOn: [secret] });
    this.shell = `kubectl exec -n ${namespace} -it deployment/${object} -- sh`;
    this.registerOutputs({ shell: this.shell });
  }
}

function* problemsOf(name: string, args: BoxArgs): Generator<Problem> {
  yield* helperProblems(name, args);
  yield* contextsProblems(args.contexts);
  const names = Object.keys(args.contexts);
  if (args.selected !== undefined && !names.includes(args.selected)) {
    const reason = `"${args.selected}" is none of the contexts, which are ${names.join(", ")}`;
    yield { path: "selected", reason, fix: `selected: "${names[0]}"` };
  }
}
