import type { Handler } from "../host/handler";
import { isUnknown } from "../host/handler";
import { objectOf, text } from "../model/argument";
import { shapeOf } from "./inputShape";
import { notImportable } from "./notImportable";

const nkeyTypes = ["operator", "account", "user", "server", "cluster"] as const;
type NkeyType = (typeof nkeyTypes)[number];

export interface NkeyInputs {
  readonly type: NkeyType;
  readonly keeper?: string;
}

export interface NkeyState extends NkeyInputs {
  readonly publicKey: string;
  readonly seed: string;
}

const shape = objectOf<NkeyInputs>({ type: text, keeper: text });

export const nkeyHandler: Handler<NkeyInputs, NkeyState> = {
  kind: "Nkey",
  schema: 1,

  async check(_context, _olds, news) {
    const { problems, sound } = shapeOf(shape, news);
    const inputs = { ...sound, type: sound.type ?? "user" };
    if (!isUnknown(inputs.type) && !nkeyTypes.includes(inputs.type)) {
      const reason = `"${inputs.type}" is no type of nkey; known are ${nkeyTypes.join(", ")}`;
      problems.push({ path: "type", reason, fix: 'type: "user"' });
    }
    return { inputs, problems };
  },

  async diff(_context, _id, olds, news) {
    return {
      changes: {
        ...(olds.type === news.type ? {} : { type: "update-replace" as const }),
        ...(olds.keeper === news.keeper ? {} : { keeper: "update-replace" as const }),
      },
    };
  },

  async create(_context, inputs) {
    const nkeys = await import("@nats-io/nkeys");
    const makers = {
      operator: nkeys.createOperator,
      account: nkeys.createAccount,
      user: nkeys.createUser,
      server: nkeys.createServer,
      cluster: nkeys.createCluster,
    };
    const pair = makers[inputs.type]();
    const publicKey = pair.getPublicKey();
    return { id: publicKey, state: { ...inputs, publicKey, seed: new TextDecoder().decode(pair.getSeed()) } };
  },

  async read(_context, id, state) {
    if (!state)
      throw notImportable(
        "Nkey",
        id,
        "NATS keeps no seeds",
        'without import, or the seed that there is where it is used, as in key: "SU…"',
      );
    const { publicKey: _publicKey, seed: _seed, ...inputs } = state;
    return { inputs, state };
  },

  async update(_context, _id, olds, news) {
    return { ...olds, ...news };
  },

  async delete() {},
};
