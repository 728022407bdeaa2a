import { comesOrGoes } from "./configRule";
import type { ConfigRule } from "./configRule";

/** WebSocket and MQTT. */
export const listenerRules: readonly ConfigRule[] = [
  {
    path: "websocket",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither starts nor stops the websocket listener",
    whole: true,
  },
  { path: "websocket.tls", impact: "hot-reload", why: "new connections use it, those that are open stay as they are" },
  {
    path: "mqtt",
    when: comesOrGoes,
    impact: "rolling-restart",
    why: "a reload neither starts nor stops the MQTT listener",
    whole: true,
  },
  { path: "mqtt.tls", impact: "hot-reload", why: "new connections use it, those that are open stay as they are" },
];
