import { KubeApi } from "../apply/kubernetes/kubeApi";
import { waitFor, WaitTimeout } from "../apply/wait";
import { NatsError } from "../errors";
import type { CallContext, Handler } from "../host/handler";
import { whyNotSettled } from "../model/nack/nackSettled";
import type { NackSettledInputs, NackStatus } from "../model/nack/nackSettled";
import { notImportable } from "./notImportable";

/** What the controller can't do at once it tries again, after longer and longer pauses. */
const patience = 60_000;

/** Nothing of its own: the object is another resource. The id is its kind, namespace and name. */
export const nackSettledHandler: Handler<NackSettledInputs, NackSettledInputs> = {
  kind: "NackSettled",
  schema: 1,
  check: (_context, _olds, inputs) => Promise.resolve({ inputs, problems: [] }),

  diff(_context, _id, olds, news) {
    const keys = (["kind", "namespace", "name"] as const).filter((key) => olds[key] !== news[key]);
    const changes = Object.fromEntries(keys.map((key) => [key, "update-replace" as const]));
    return Promise.resolve({ changes: olds.spec === news.spec ? changes : { ...changes, spec: "update" as const } });
  },

  async create(context, inputs) {
    await settle(context, inputs);
    return { id: `${inputs.kind}/${inputs.namespace}/${inputs.name}`, state: inputs };
  },

  async read(_context, id, state) {
    if (!state)
      throw notImportable(
        "NackSettled",
        id,
        "it is no object of its own",
        "new nats.nack.Stream(…) and its like make it",
      );
    return { inputs: state, state };
  },

  async update(context, _id, _olds, news) {
    await settle(context, news);
    return news;
  },

  delete: () => Promise.resolve(),
};

async function settle(call: CallContext, inputs: NackSettledInputs): Promise<void> {
  const { kubeconfig, context, kind, namespace, name } = inputs;
  // A secret that is undefined arrives as null.
  const api = new KubeApi({ ...(kubeconfig ? { kubeconfig } : {}), ...(context ? { context } : {}) });
  const path = `/apis/jetstream.nats.io/v1beta2/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
  try {
    await waitFor(`${kind} ${namespace}/${name}`, { timeout: call.timeout ?? patience, interval: 100 }, async () => {
      const object = await api.find<NackStatus>(path);
      if (!object) throw new NatsError(`${kind} ${namespace}/${name} is gone`);
      const why = whyNotSettled(object);
      return why === undefined ? { value: undefined } : { pending: why };
    });
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const look = `kubectl describe -n ${namespace} ${kind.toLowerCase()}s.jetstream.nats.io ${name}`;
    throw new NatsError(`nack's controller has not made ${kind} ${name} so: ${error.evidence}. To look: ${look}`);
  } finally {
    api.close();
  }
}
