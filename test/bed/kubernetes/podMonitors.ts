const duration = {
  type: "string",
  pattern: "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
};
const labels = { type: "object", additionalProperties: { type: "string" } };

/** The kind that the Prometheus operator brings, with those of its fields that say which pods are asked at which port. */
export const podMonitors = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "podmonitors.monitoring.coreos.com" },
  spec: {
    group: "monitoring.coreos.com",
    names: { kind: "PodMonitor", listKind: "PodMonitorList", plural: "podmonitors", singular: "podmonitor" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: {
                type: "object",
                required: ["selector"],
                properties: {
                  selector: { type: "object", properties: { matchLabels: labels } },
                  podMetricsEndpoints: {
                    type: "array",
                    items: {
                      type: "object",
                      properties: { port: { type: "string" }, path: { type: "string" }, interval: duration },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
