import { ProblemsError } from "../errors";
import type { Problem } from "../errors";
import type { ChangeKind, Handler } from "../host/handler";
import { hasUnknown, isUnknown } from "../host/handler";
import { publicKeyOf } from "../model/jwt/nkeys";
import { operatorProblems } from "../model/jwt/operatorChecks";
import type { OperatorInputs } from "../model/jwt/operatorChecks";
import { changedPaths, kindOf } from "./assetDiff";
import { givenInputs } from "./givenInputs";
import { nextIssue, now, renewal } from "./jwtIssue";
import { anything, flag, objectOf, secretText, text } from "../model/argument";
import { shapeOf } from "./inputShape";
import { known } from "./knownInputs";
import { notImportable } from "./notImportable";
import { issueOperator } from "./operatorIssue";
import type { OperatorState } from "./operatorIssue";

const settings = [
  "name",
  "tag",
  "expiry",
  "start",
  "serviceUrl",
  "accountJwtServerUrl",
  "requireSigningKeys",
  "sk",
] as const;
/** Keys of one's own, with what they become. */
const ownKeys = { key: "publicKey", systemAccountKey: "systemAccount", systemUserKey: "systemUser" } as const;

const shape = objectOf<OperatorInputs>({
  name: text,
  tag: anything,
  expiry: anything,
  start: anything,
  serviceUrl: anything,
  accountJwtServerUrl: text,
  requireSigningKeys: flag,
  key: secretText,
  sk: anything,
  systemAccountKey: secretText,
  systemUserKey: secretText,
});

export const operatorHandler: Handler<OperatorInputs, OperatorState> = {
  kind: "Operator",
  schema: 1,

  async check(_context, _olds, news) {
    const inputs = givenInputs(news);
    const { problems, sound } = shapeOf(shape, inputs);
    const sure = Object.fromEntries(Object.entries(known(sound)).filter(([, value]) => !hasUnknown(value)));
    return { inputs, problems: [...problems, ...operatorProblems(sure, now())] };
  },

  async diff(_context, _id, olds, news) {
    const refused = otherKeys(olds, known(news));
    if (refused.length > 0) throw new ProblemsError(`operator "${olds.name}"`, refused);
    const changes: Record<string, ChangeKind> = {};
    for (const name of settings) {
      if (JSON.stringify(olds[name]) === JSON.stringify(news[name])) continue;
      Object.assign(
        changes,
        hasUnknown(news[name]) ? { [name]: "update" } : changedPaths(name, olds[name], news[name], false),
      );
    }
    for (const [input, output] of Object.entries(ownKeys) as [keyof typeof ownKeys, (typeof ownKeys)["key"]][]) {
      const seed = news[input];
      // A key that was given before and is not any more stays the key.
      if (seed === undefined || seed === olds[input]) continue;
      const isSame = !isUnknown(seed) && publicKeyOf(seed) === olds[output];
      const kind = kindOf(olds[input], seed, !isSame && input !== "systemUserKey");
      changes[input] = kind;
    }
    const due = renewal(news.expiry, olds.issuedAt);
    const notes = [...(due.notes ?? [])];
    if (Object.keys(changes).length > 0 || due.notes) {
      notes.push({
        severity: "info",
        message: "a new operator JWT: servers take it only by a restart, one at a time",
      });
    }
    return { changes: { ...due.changes, ...changes }, notes };
  },

  async create(_context, inputs) {
    const state = issueOperator(inputs, undefined, now());
    return { id: state.publicKey, state };
  },

  async read(_context, id, state) {
    if (!state)
      throw notImportable(
        "Operator",
        id,
        "no server has its seeds",
        'key: "SO…" and systemAccountKey: "SA…" in place of import',
      );
    return { inputs: operatorInputs(state), state };
  },

  async update(_context, _id, olds, news) {
    return issueOperator(news, olds, nextIssue(olds.issuedAt));
  },

  async delete() {},
};

function operatorInputs(state: OperatorState): OperatorInputs {
  const names: readonly string[] = [...settings, ...Object.keys(ownKeys)];
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => names.includes(name)),
  ) as unknown as OperatorInputs;
}

/** Clusters and accounts belong to the keys: with others they would be somebody else's. */
function otherKeys(olds: OperatorState, { key, systemAccountKey }: Partial<OperatorInputs>): Problem[] {
  const problems: Problem[] = [];
  if (key !== undefined && publicKeyOf(key) !== olds.publicKey) {
    const reason = `it is another key than that of this operator (${olds.publicKey}), which its clusters trust and its accounts were issued by`;
    problems.push({ path: "key", reason, fix: 'a second operator with it: new nats.Operator("other", { key })' });
  }
  if (systemAccountKey !== undefined && publicKeyOf(systemAccountKey) !== olds.systemAccount) {
    const reason = `it is another key than that of the system account (${olds.systemAccount}), by which the servers of a cluster know each other`;
    problems.push({ path: "systemAccountKey", reason, fix: "leave it out, or a second operator" });
  }
  return problems;
}
