import type { Problem } from "../provider/errors";
import {
  anything,
  flag,
  having,
  input,
  listOf,
  mapOf,
  object,
  objectOf,
  patience,
  required,
  secretText,
  such,
  text,
  words,
} from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { nearestProperty, properties } from "../provider/model/config/propertyName";
import { keyTree } from "../provider/model/facts";
import type { ClusterArgs, ClusterRolloutArgs, ClusterTlsArgs } from "./clusterArgs";

const target = required(
  having("a target", ["place", "deploy"]),
  "target: nats.thisMachine({ servers: 3 }), nats.hosts([…]) or nats.kubernetes({ … })",
);

/** The key of nats.conf that is meant by a name. */
export function keyMeant(name: string): string | undefined {
  return properties(keyTree()).has(name) ? name : nearestProperty(keyTree(), name);
}

/** The place of a key of nats.conf that stands beside `config`. */
export const elsewhere = (name: string): string | undefined => {
  const key = keyMeant(name);
  return key && `config: { ${key}: … }`;
};

/** Every argument of a cluster, with what it takes; what is in the blocks of nats.conf is checked with their own keys. */
export const clusterShape: { readonly [Key in keyof Required<ClusterArgs>]: Argument } = {
  target,
  name: text,
  version: text,
  tls: such(
    objectOf<ClusterTlsArgs>({
      issuer: having("an issuer", ["cert", "key"], 'issuer: new nats.CertificateAuthority("ca")'),
      hosts: input(listOf(input(text))),
      validity: text,
      renewBefore: text,
      cert: input(text),
      key: input(secretText),
      ca: input(text),
      verify: flag,
    }),
    'tls: { issuer: new nats.CertificateAuthority("ca") }',
  ),
  operator: having("an operator", ["jwt", "systemCreds"], 'operator: new nats.Operator("MyOperator")'),
  config: such(object, 'config: { maxPayload: "8MiB" }'),
  files: such(mapOf(input(text)), 'files: { "hub/ca.pem": pem }'),
  secretFiles: such(mapOf(input(secretText)), 'secretFiles: { "hub/edge.creds": creds }'),
  rollout: such(
    objectOf<ClusterRolloutArgs>({ timeout: patience, allowOutage: flag }, { elsewhere }),
    'rollout: { timeout: "5m" }',
  ),
  onDataLoss: words("refuse", "allow"),
  jetstream: anything,
  accounts: anything,
  authorization: anything,
  websocket: anything,
  mqtt: anything,
  leafnodes: anything,
  gateway: anything,
};

const cluster = required(
  objectOf<ClusterArgs>(clusterShape, { elsewhere }),
  "{ target: nats.thisMachine({ servers: 3 }) }",
);

/** What is wrong with a cluster's arguments before anything is looked at in them. */
export function clusterShapeProblems(args: unknown): Problem[] {
  return cluster(args, "");
}
