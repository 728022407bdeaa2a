import type { ReloadChange } from "./change";
import { accountsChanges } from "./accounts";
import { authorizationChanges } from "./authorization";
import { clientTlsChanges } from "./clientTls";
import { clusterChanges } from "./cluster";
import { gatewayChanges } from "./gateway";
import { jetstreamChanges } from "./jetstream";
import { leafnodesChanges } from "./leafnodes";
import { limitsChanges } from "./limits";
import { loggingChanges } from "./logging";
import { monitoringChanges } from "./monitoring";
import { mqttChanges } from "./mqtt";
import { remotesChanges } from "./remotes";
import { resolverChanges } from "./resolver";
import { serverChanges } from "./server";
import { spellingChanges } from "./spelling";
import { websocketChanges } from "./websocket";

/** Every written change, by group. */
export const reloadChanges: Readonly<Record<string, readonly ReloadChange[]>> = {
  spelling: spellingChanges,
  logging: loggingChanges,
  limits: limitsChanges,
  server: serverChanges,
  monitoring: monitoringChanges,
  "client tls": clientTlsChanges,
  authorization: authorizationChanges,
  accounts: accountsChanges,
  cluster: clusterChanges,
  gateway: gatewayChanges,
  leafnodes: leafnodesChanges,
  remotes: remotesChanges,
  jetstream: jetstreamChanges,
  websocket: websocketChanges,
  mqtt: mqttChanges,
  resolver: resolverChanges,
};
