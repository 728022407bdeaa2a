import {
  either,
  flag,
  having,
  input,
  listOf,
  mapOf,
  objectOf,
  required,
  secretText,
  text,
} from "../provider/model/argument";
import type { ConnectArgs } from "./connectArgs";

/** How something connects, with what every argument of it takes. */
export const connectShape = objectOf<ConnectArgs>(
  {
    cluster: having("a cluster", ["urls", "caCertificate"], "cluster: east (the nats.Cluster)"),
    servers: input(either(listOf(input(text)), text)),
    user: input(text),
    password: input(secretText),
    token: input(secretText),
    creds: input(secretText),
    nkey: input(secretText),
    ca: input(text),
    cert: input(text),
    key: input(secretText),
    tlsFirst: input(flag),
    jetstreamDomain: input(text),
    inboxPrefix: input(text),
    description: input(text),
  },
  { aliases: { url: "servers", urls: "servers" } },
);

export const contextsShape = mapOf(required(connectShape));
