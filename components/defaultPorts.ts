import type { Listener } from "../provider/model/cluster";

/** The ports that everybody knows, by listener. */
export const defaultPorts: Readonly<Record<Listener, number>> = {
  client: 4222,
  monitor: 8222,
  cluster: 6222,
  gateway: 7222,
  leafnodes: 7422,
  websocket: 8080,
  mqtt: 1883,
};
