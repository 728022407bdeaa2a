import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { KubernetesTargetInputs } from "../provider/model/kubernetes";
import {
  configMap,
  namespace,
  podDisruptionBudget,
  secret,
  serviceAccount,
} from "../provider/render/kubernetes/otherObjects";
import { podMonitor } from "../provider/render/kubernetes/exporter";
import type { Manifest } from "../provider/render/kubernetes/manifest";
import { quantity } from "../provider/render/kubernetes/quantity";
import { clientService, headlessService } from "../provider/render/kubernetes/services";
import type { KubernetesSettings } from "../provider/render/kubernetes/settings";
import { statefulSet } from "../provider/render/kubernetes/statefulSet";
import { KubernetesPreflight } from "../provider/resources/kubernetesPreflight";
import { KubernetesRollout } from "../provider/resources/kubernetesRollout";
import type { KubernetesRolloutArgs } from "../provider/resources/kubernetesRollout";
import { announce, exposeListeners } from "./kubernetesAddresses";
import type { KubernetesArgs } from "./kubernetesArgs";
import { objectNameProblem } from "./kubernetesNames";
import { KubernetesObjects, nameOf } from "./kubernetesObjects";
import { sharedPlaceProblems } from "./kubernetesPlaces";
import { kubernetesAccess } from "./kubernetesProvider";
import type { KubernetesAccess } from "./kubernetesProvider";
import { kubernetesSettings } from "./kubernetesSettings";
import { kubernetesTexts } from "./kubernetesTexts";
import type { KubernetesTexts } from "./kubernetesTexts";
import { nodeInputs, throughOf, urlsOf } from "./kubernetesUrls";
import type { Deployed, Deployment } from "./target";

/**
 * The objects of a cluster, between a look ahead (nothing is changed where anything is wrong, and servers that go leave the
 * cluster first) and the rollout, which brings the change to the servers and says what they run.
 */
export function deployOnKubernetes(
  args: KubernetesArgs,
  name: string,
  deployment: Deployment,
  options: pulumi.CustomResourceOptions,
): Deployed {
  const settings = kubernetesSettings(args, deployment);
  const access = kubernetesAccess(name, args, options);
  const objects = new KubernetesObjects(name, args.transform, { ...options, provider: access.provider });

  if (args.createNamespace) {
    const { labels = {} } = args.createNamespace === true ? {} : args.createNamespace;
    const retainOnDelete = deployment.onDataLoss !== "allow";
    objects.make("namespace", objects.transformed(namespace(settings, labels)), { retainOnDelete });
  }
  const addresses = exposeListeners(settings, objects);
  announce(deployment.placement, addresses);
  const texts = kubernetesTexts(settings, deployment, addresses);
  const place = { resource: name, namespace: settings.namespace, name: settings.name, ...access };
  const workload = objects.transformed(statefulSet(settings, texts.conf));
  const account: [string, Manifest][] =
    args.serviceAccount?.name === undefined ? [["account", serviceAccount(settings)]] : [];
  const needed: [string, Manifest][] = [
    ...account,
    ["headless", headlessService(settings)],
    ["config", configMap(settings, { ...deployment, nodeConf: texts.nodeConf })],
    ["secrets", secret(settings, texts.secretData)],
  ];
  const monitor = podMonitor(settings);
  const beside: [string, Manifest][] = [
    ["client", clientService(settings)],
    ["budget", podDisruptionBudget(settings)],
    ...(monitor ? [["monitor", monitor] as [string, Manifest]] : []),
  ];
  const last = [...needed, ...beside].map(([suffix, manifest]) => ({ suffix, object: objects.transformed(manifest) }));
  const wanted: KubernetesRolloutArgs = {
    ...commonInputs(deployment, texts),
    target: targetInputs(settings, access, Boolean(args.createNamespace)),
    statefulSet: workload["spec"] as KubernetesRolloutArgs["statefulSet"],
    problems: pulumi
      .all([deployment.problems, access.problems, texts.problems, sharedPlaceProblems(place)])
      .apply((found): Problem[] => [
        ...found.flat(),
        ...[objectNameProblem(settings.name, "east") ?? []].flat(),
        ...objects.problems,
      ]),
  };
  const preflight = new KubernetesPreflight(
    `${name}-preflight`,
    { ...wanted, objects: [...objects.names, ...last.map(({ object }) => nameOf(object)), nameOf(workload)] },
    { ...options, dependsOn: [...objects.made] },
  );
  const made = last.map(({ suffix, object }) => objects.make(suffix, object, { dependsOn: [preflight] }));
  const pods = objects.make("pods", workload, { dependsOn: [preflight, ...made.slice(0, needed.length)] });

  const servers = new KubernetesRollout(`${name}-servers`, wanted, { ...options, dependsOn: [pods] });
  return {
    servers,
    ...urlsOf(deployment, addresses, servers.nodes),
    through: throughOf(settings, deployment, access, args.clusterDomain ?? "cluster.local"),
  };
}

function commonInputs(
  deployment: Deployment,
  texts: KubernetesTexts,
): Omit<KubernetesRolloutArgs, "target" | "statefulSet" | "problems"> {
  const { cluster, version, config, files, secretFiles, management, rollout, onDataLoss } = deployment;
  return {
    cluster,
    version,
    config,
    nodes: nodeInputs(deployment, texts.nodes),
    secrets: texts.secrets,
    files,
    secretFiles,
    management,
    rollout,
    onDataLoss,
  };
}

function targetInputs(
  settings: KubernetesSettings,
  access: KubernetesAccess,
  makesNamespace: boolean,
): pulumi.Input<KubernetesTargetInputs> {
  const { name, namespace: place, owner, volume } = settings;
  return pulumi.all([access.kubeconfig, access.context]).apply(([kubeconfig, context]): KubernetesTargetInputs => ({
    kind: "kubernetes",
    namespace: place,
    name,
    owner,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(makesNamespace ? { makesNamespace } : {}),
    ...(volume.kind === "claim"
      ? {
          volume: {
            size: quantity(volume.size),
            ...(volume.storageClass === undefined ? {} : { storageClass: volume.storageClass }),
          },
        }
      : {}),
  }));
}
