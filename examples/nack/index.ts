/**
 * # Streams as objects of Kubernetes: nack, a web interface, a box of tools
 *
 * A cluster with TLS, and beside it nack's controller: it makes the streams and consumers that objects of Kubernetes describe, from
 * here or from any manifest (`kubectl apply`), and puts back what others change. Two users, of which the web interface gets the one
 * that may only look. All pods satisfy restricted pod security; passwords and seeds stand in Secrets alone.
 *
 *     pulumi up
 *     kubectl get -n nats streams.jetstream.nats.io,consumers.jetstream.nats.io
 *     kubectl exec -n nats -it deployment/box -- nats stream info ORDERS
 *     kubectl port-forward -n nats service/nui 31311          # then http://localhost:31311
 *     pulumi config set maxAge 30d && pulumi up               # nack changes the stream
 *     pulumi destroy                                          # keeps the volumes, and with them the stream (`preventDelete`)
 *
 * Which of both? A `nats.Stream` has a preview that says what a change deletes, and refuses it; a `nats.nack.Stream` is for teams
 * that describe their streams by kubectl, and is kept so all day. One stream is never described by both.
 */
import * as pulumi from "@pulumi/pulumi";
import * as nats from "pulumi-nats";

const config = new pulumi.Config();
const kubeconfig = config.getSecret("kubeconfig");
const place = { namespace: config.get("namespace") ?? "nats", ...(kubeconfig ? { kubeconfig } : {}) };

const ca = new nats.CertificateAuthority("ca");
const app = new nats.Password("app");
const viewer = new nats.Password("viewer");
const controller = new nats.Nkey("controller");
const look = ["$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.*.LIST.>", "$JS.API.*.INFO.>"];

const cluster = new nats.Cluster("east", {
  target: nats.kubernetes({ ...place, createNamespace: true, servers: 3, volume: { size: "1GiB" } }),
  tls: { issuer: ca },
  jetstream: { maxFileStore: "512MiB" },
  accounts: {
    SHOP: {
      jetstream: true,
      users: [
        { nkey: controller.publicKey },
        { user: "app", password: app.result },
        { user: "viewer", password: viewer.result, permissions: { publish: look, subscribe: "_INBOX.>" } },
      ],
    },
  },
});

const nack = new nats.Nack("nack", { ...place, connection: { cluster, nkey: controller.seed } });

const orders = new nats.nack.Stream("ORDERS", {
  nack,
  subjects: ["orders.>"],
  replicas: 3,
  maxAge: config.get("maxAge") ?? "7d",
});
const billing = new nats.nack.Consumer("billing", {
  nack,
  streamName: orders.streamName,
  filterSubject: "orders.paid",
});

const contexts = { viewer: { cluster, user: "viewer", password: viewer.result } };
const nui = new nats.Nui("nui", { ...place, contexts });
const box = new nats.Box("box", {
  ...place,
  contexts: { app: { cluster, user: "app", password: app.result }, ...contexts },
});

export const names = [orders.streamName, billing.durableName];
export const web = nui.url;
export const shell = box.shell;
