import { waitFor } from "../../../provider/apply/wait";
import { greeting } from "../greeting";
import { natsImages } from "./images";
import type { KubernetesBed } from "./kubernetesBed";

export interface NatsPod {
  /** As pods reach it. */
  readonly url: string;
  /** As this machine reaches it. */
  readonly address: string;
  readonly port: number;
}

/** One server with JetStream in memory, for tests of what stands beside a cluster. Its namespace may be restricted. */
export async function natsPod(bed: KubernetesBed, namespace: string, conf: string): Promise<NatsPod> {
  const name = "nats";
  const labels = { app: name };
  const metadata = { name, labels };
  const ports = [{ name: "client", port: 4222 }];
  const text = `server_name: nats\nport: 4222\nhttp: 8222\njetstream { store_dir: /data }\n${conf}`;
  await bed.apply(
    [
      { apiVersion: "v1", kind: "Secret", metadata, stringData: { "nats.conf": text } },
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec(name) } },
      },
    ],
    namespace,
  );
  await bed.kubectl("rollout", "status", "-n", namespace, `deployment/${name}`, "--timeout=120s");
  const address = await bed.kubectl("get", "-n", namespace, "service", name, "-o", "jsonpath={.spec.clusterIP}");
  // A Service's rules reach the node in their own time.
  await waitFor("the server behind its Service", { timeout: 30_000 }, () => greeting(address, 4222));
  return { url: `nats://${name}.${namespace}.svc:4222`, address, port: 4222 };
}

function podSpec(name: string): object {
  return {
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name,
        image: natsImages[0]!.image,
        args: ["-c", "/etc/nats/nats.conf"],
        readinessProbe: { httpGet: { path: "/healthz", port: 8222 }, periodSeconds: 1 },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [
          { name: "conf", mountPath: "/etc/nats" },
          { name: "data", mountPath: "/data" },
        ],
      },
    ],
    volumes: [
      { name: "conf", secret: { secretName: name } },
      { name: "data", emptyDir: { medium: "Memory" } },
    ],
  };
}
