import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { parseConf } from "../provider/conf/parser";
import type { ConfValue } from "../provider/conf/value";
import { writeConf } from "../provider/conf/writer";
import type { Problem } from "../provider/errors";
import { secretsText } from "../provider/model/nodeFiles";
import { confFacts } from "../provider/render/kubernetes/confFacts";
import { confProblems } from "../provider/render/kubernetes/confProblems";
import { podConf } from "../provider/render/kubernetes/podConf";
import { publicConf } from "../provider/render/kubernetes/publicConf";
import { restartKeys } from "../provider/render/kubernetes/restartKeys";
import { memoryLimitEnv } from "../provider/render/kubernetes/serverPod";
import type { ConfParts, KubernetesSettings } from "../provider/render/kubernetes/settings";
import { advertiseVariable } from "../provider/render/serverConf";
import { exposed } from "./kubernetesAddresses";
import type { ExposedAddresses } from "./kubernetesAddresses";
import type { Deployment } from "./target";

/** The texts that the servers run from, as pods get them. */
export interface KubernetesTexts {
  /** node.conf of each server with its own values, as the rollout compares them. */
  readonly nodes: pulumi.Output<Record<string, string>>;
  /** node.conf of all pods, which the environment completes. */
  readonly nodeConf: pulumi.Output<string>;
  /** With the mark that changes when any file beside nats.conf does. */
  readonly secrets: pulumi.Output<Record<string, string>>;
  /** Keys of the Secret, in base64. */
  readonly secretData: {
    readonly secrets: pulumi.Output<string>;
    readonly files: Record<string, pulumi.Output<string>>;
  };
  readonly conf: ConfParts;
  /** Where nats.conf and the pods do not fit together. */
  readonly problems: pulumi.Output<Problem[]>;
}

export function kubernetesTexts(
  settings: KubernetesSettings,
  deployment: Deployment,
  addresses: ExposedAddresses,
): KubernetesTexts {
  const { config, files, secretFiles, placement } = deployment;
  const [first] = placement.nodes;
  const nodes = pulumi
    .all([pulumi.all(deployment.nodes), addresses.gateway, addresses.leafnodes])
    .apply(([texts, ...found]) => mapValues(texts, (text, pod) => withAddresses(text, pod, found)));
  const pod = nodes.apply((texts) => podConf(texts[first!.name]!, first!.name));
  const secrets = pulumi.secret(
    pulumi
      .all([deployment.secrets, pulumi.all({ ...files, ...secretFiles })])
      .apply(([variables, texts]): Record<string, string> => ({
        ...variables,
        // What a server reads beside nats.conf is not in its digest: this name makes it so.
        pid_file: `/run/nats/${digestOf(texts)}.pid`,
      })),
  );
  const facts = pulumi.all([config, nodes]).apply(([text, texts]) => {
    const nodeConf = texts[first!.name]!;
    return { ...confFacts(text, nodeConf), restartKeys: restartKeys(text, nodeConf) };
  });
  return {
    nodes,
    nodeConf: pod.text,
    secrets,
    secretData: {
      secrets: secrets.apply((variables) => base64(secretsText(variables))),
      files: mapValues(secretFiles, (text) => pulumi.secret(pulumi.output(text).apply(base64))),
    },
    problems: pulumi
      .all([config, nodes])
      .apply(([text, known]) => confProblems(publicConf(text, known[first!.name]!), settings)),
    conf: {
      restartKeys: facts.restartKeys,
      graceSeconds: facts.graceSeconds,
      healthPath: (query) => facts.basePath.apply((base) => `${base}/healthz${query}`),
      monitorUrl: facts.basePath.apply((base) => `http://127.0.0.1:${settings.ports.monitor}${base}`),
      env: pod.env.apply((env) => [...env, ...memoryLimitEnv(settings.resources?.limits?.["memory"])]),
    },
  };
}

/** node.conf with the addresses that others dial, in place of the pod's own. */
function withAddresses(text: string, pod: string, addresses: readonly (string | undefined)[]): string {
  const conf = new Map<string, ConfValue>(parseConf(text).root);
  exposed.forEach((listener, index) => {
    const key = advertiseVariable(listener);
    const address = addresses[index];
    if (address !== undefined && conf.has(key)) conf.set(key, address.replace("{pod}", pod));
  });
  return writeConf(conf);
}

function digestOf(texts: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 12);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
