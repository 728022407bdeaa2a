import {
  callback,
  flag,
  input,
  labels,
  listOf,
  number,
  object,
  objectOf,
  required,
  secretText,
  text,
} from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import type { BoxArgs } from "./boxArgs";
import { connectShape, contextsShape } from "./connectShape";
import type { KubernetesHelperArgs } from "./kubernetesHelper";
import { imagePullPolicyShape, providerShape, serviceTypes } from "./kubernetesShape";
import type { NackArgs } from "./nackArgs";
import type { NuiArgs, NuiService } from "./nuiArgs";

const helper: { readonly [Key in keyof Required<KubernetesHelperArgs>]: Argument } = {
  namespace: required(text, 'namespace: "nats"'),
  name: text,
  kubeconfig: input(secretText),
  context: input(text),
  provider: providerShape,
  imagePullPolicy: imagePullPolicyShape,
  imagePullSecrets: listOf(text),
  resources: object,
  labels,
  transform: callback,
};
const contexts = required(contextsShape, 'contexts: { app: { cluster: east, user: "app", password } }');
const service = objectOf<NuiService>({ type: serviceTypes, port: number, annotations: labels });

export const boxShape = required(objectOf<BoxArgs>({ ...helper, contexts, selected: text, image: text }));
export const nuiShape = required(objectOf<NuiArgs>({ ...helper, contexts, service, image: text }));
export const nackShape = required(
  objectOf<NackArgs>({
    ...helper,
    connection: connectShape,
    namespaced: flag,
    definitions: flag,
    readOnly: flag,
    syncInterval: text,
    image: text,
  }),
);
