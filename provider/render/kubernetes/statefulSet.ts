import { claimName, objectNames } from "../../model/kubernetes";
import { objectLabels, ownAnnotations, selectorLabels } from "./labels";
import type { Manifest } from "./manifest";
import { present } from "../../model/present";
import { quantity } from "./quantity";
import { serverPod } from "./serverPod";
import type { ConfParts, KubernetesSettings } from "./settings";

/**
 * The StatefulSet of the servers. Kubernetes brings pods up and replaces lost ones; when a running one restarts is decided
 * by the rollout, which looks at what the servers say ("OnDelete").
 */
export function statefulSet(settings: KubernetesSettings, conf: ConfParts): Manifest {
  const { name, namespace, volume } = settings;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name,
      namespace,
      labels: objectLabels(settings),
      annotations: { ...ownAnnotations(settings), "pulumi.com/skipAwait": "true" },
    },
    spec: present({
      replicas: settings.servers,
      serviceName: objectNames(name).headless,
      // The first servers wait for each other.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "OnDelete" },
      selector: { matchLabels: selectorLabels(settings) },
      template: serverPod(settings, conf),
      volumeClaimTemplates:
        volume.kind === "claim"
          ? [
              {
                metadata: { name: claimName },
                spec: present({
                  accessModes: [volume.accessMode],
                  storageClassName: volume.storageClass,
                  resources: { requests: { storage: quantity(volume.size) } },
                }),
              },
            ]
          : undefined,
    }),
  };
}
