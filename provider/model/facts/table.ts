import type { KeyFact } from "./keyFact";
import server from "./server.json";
import tls from "./tls.json";
import authorization from "./authorization.json";
import accounts from "./accounts.json";
import jetstream from "./jetstream.json";
import cluster from "./cluster.json";
import clusterTls from "./cluster-tls.json";
import gateway from "./gateway.json";
import gatewayTls from "./gateway-tls.json";
import leafnodes from "./leafnodes.json";
import leafnodesTls from "./leafnodes-tls.json";
import websocket from "./websocket.json";
import websocketTls from "./websocket-tls.json";
import mqtt from "./mqtt.json";
import mqttTls from "./mqtt-tls.json";
import resolverTls from "./resolver-tls.json";

/** Every row, group by group. Loaded on first use, through index.ts. */
export const table = [
  server,
  tls,
  authorization,
  accounts,
  jetstream,
  cluster,
  clusterTls,
  gateway,
  gatewayTls,
  leafnodes,
  leafnodesTls,
  websocket,
  websocketTls,
  mqtt,
  mqttTls,
  resolverTls,
].flat() as unknown as readonly KeyFact[];
