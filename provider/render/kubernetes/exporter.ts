import { objectLabels, ownAnnotations, selectorLabels } from "./labels";
import type { Manifest } from "./manifest";
import { present } from "../../model/present";
import { restricted } from "./securityContext";
import type { ConfParts, ExporterSettings, KubernetesSettings } from "./settings";

const metricsPort = 7777;

/** The sidecar that turns the monitoring port's answers into Prometheus' metrics. */
export function exporterContainer(exporter: ExporterSettings, conf: ConfParts): object {
  return present({
    name: "exporter",
    image: exporter.image,
    args: [
      `-port=${metricsPort}`,
      "-varz",
      "-connz",
      "-routez",
      "-subz",
      "-gatewayz",
      "-leafz",
      "-jsz=all",
      "-prefix=nats",
      "-use_internal_server_name",
      // It starts beside the server, and would look for it only every half minute.
      "-ri=3",
      conf.monitorUrl,
    ],
    ports: [{ name: "metrics", containerPort: metricsPort }],
    resources: exporter.resources,
    securityContext: restricted,
  });
}

/** Tells the Prometheus operator to fetch the metrics. */
export function podMonitor(settings: KubernetesSettings): Manifest | undefined {
  const { podMonitor: wanted } = settings.exporter ?? {};
  if (!wanted) return undefined;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: {
      name: settings.name,
      namespace: settings.namespace,
      labels: { ...objectLabels(settings), ...wanted.labels },
      annotations: ownAnnotations(settings),
    },
    spec: {
      selector: { matchLabels: selectorLabels(settings) },
      podMetricsEndpoints: [present({ port: "metrics", interval: wanted.interval })],
    },
  };
}
