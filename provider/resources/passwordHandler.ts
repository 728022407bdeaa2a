import { randomBytes } from "node:crypto";
import { isUnknown } from "../host/handler";
import type { Handler } from "../host/handler";
import { number, objectOf, text } from "../model/argument";
import { shapeOf } from "./inputShape";
import { notImportable } from "./notImportable";

export interface PasswordInputs {
  readonly length: number;
  readonly keeper?: string;
}

export interface PasswordState extends PasswordInputs {
  readonly result: string;
}

const shape = objectOf<PasswordInputs>({ length: number, keeper: text });

export const passwordHandler: Handler<PasswordInputs, PasswordState> = {
  kind: "Password",
  schema: 1,

  async check(_context, _olds, news) {
    const { problems, sound } = shapeOf(shape, news);
    const inputs = { ...sound, length: sound.length ?? 32 };
    const valid = Number.isInteger(inputs.length) && inputs.length >= 16 && inputs.length <= 128;
    if (!isUnknown(inputs.length) && !valid) {
      problems.push({
        path: "length",
        reason: `${inputs.length}: a whole number from 16 to 128 is wanted`,
        fix: "length: 32",
      });
    }
    return { inputs, problems };
  },

  async diff(_context, _id, olds, news) {
    return {
      changes: {
        ...(olds.length === news.length ? {} : { length: "update-replace" as const }),
        ...(olds.keeper === news.keeper ? {} : { keeper: "update-replace" as const }),
      },
    };
  },

  async create(_context, inputs) {
    return { id: randomBytes(8).toString("hex"), state: { ...inputs, result: randomText(inputs.length) } };
  },

  async read(_context, id, state) {
    if (!state)
      throw notImportable(
        "Password",
        id,
        "NATS tells no passwords",
        "without import, or the password that there is where it is used",
      );
    const { result: _result, ...inputs } = state;
    return { inputs, state };
  },

  async update(_context, _id, olds, news) {
    return { ...news, result: olds.result };
  },

  async delete() {},
};

/** Letters and digits only, so that it needs no quoting in URLs, shells or nats.conf. */
function randomText(length: number): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // Bytes above the last whole multiple would favour the first letters.
      if (byte < 256 - (256 % alphabet.length) && text.length < length) text += alphabet[byte % alphabet.length]!;
    }
  }
  // A first digit would read as a number in an unquoted place.
  return /^\d/.test(text) ? `p${text.slice(1)}` : text;
}
