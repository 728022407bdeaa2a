import { NatsError } from "../errors";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { hasUnknown, isUnknown } from "../host/handler";
import { accountClaims, flattenAccount } from "../model/jwt/accountClaims";
import type { JsonObject } from "../model/exactJson";
import type { AccountSettings } from "../model/jwt/accountSettings";
import { readClaims } from "../model/jwt/claims";
import { publicKeyOf } from "../model/jwt/nkeys";
import { scopeClaims, signingKeysOf } from "../model/jwt/signingKeys";
import { streamsLost } from "./accountDelete";
import { jetStreamOffNotes } from "./accountJetStreamOff";
import { keyringOf, publicOf, settingsOf } from "./accountState";
import type { AccountInputs, AccountState } from "./accountState";
import { allowedForAll } from "./allowedForAll";
import { kindOf } from "./assetDiff";
import { generatedKeys, renewal } from "./jwtIssue";
import { settingChanges } from "./settingChanges";

type Changes = Record<string, ChangeKind>;
type Notes = NonNullable<Diff["notes"]>[number][];

/** What changes in the claims, in the keys, and on which clusters they are not as they should be. */
export async function diffAccount(
  _context: CallContext,
  _id: string,
  olds: AccountState,
  given: AccountInputs,
): Promise<Diff> {
  const news = withKnownKeys(olds, given);
  const changes: Changes = {};
  const notes: Notes = [];
  Object.assign(
    changes,
    settingChanges(settingsOf(olds), settingsOf(news), settledSettings),
    signingKeyChanges(olds, news, notes),
  );
  if (news.key !== undefined && news.key !== olds.key) {
    const isSame = !isUnknown(news.key) && publicOf(news.key) === olds.publicKey;
    changes["key"] = kindOf(olds.key, news.key, !isSame);
    if (!isSame) notes.push(...(await lossNotes(olds)));
  }
  if (isUnknown(news.operatorKey)) changes["operatorKey"] = "update";
  else if (readClaims(olds.jwt)?.iss !== publicKeyOf(news.operatorKey)) {
    changes[news.operator === olds.operator ? "operatorKey" : "operator"] = "update";
    notes.push({ severity: "info", message: "it is signed by another key of the operator and pushed anew" });
  }
  Object.assign(changes, serverChanges(olds, news, notes));
  notes.push(...(await jetStreamOffNotes(olds, news)));
  if ((olds.onDataLoss ?? "refuse") !== (news.onDataLoss ?? "refuse"))
    changes["onDataLoss"] = kindOf(olds.onDataLoss, news.onDataLoss, false);
  const due = renewal(news.expiry, olds.issuedAt);
  return {
    changes: { ...due.changes, ...changes },
    notes: [...notes, ...(due.notes ?? [])],
    deleteBeforeReplace: false,
  };
}

/** Another key is another account: what the streams of this one hold goes with it. */
async function lossNotes(olds: AccountState): Promise<Notes> {
  let lost: Awaited<ReturnType<typeof streamsLost>>;
  try {
    lost = await streamsLost(olds);
  } catch (error) {
    const message = `whether it takes streams with it is not known: ${(error as Error).message}`;
    return [{ severity: "warning", message }];
  }
  const full = lost.filter(({ isEmpty }) => !isEmpty).map(({ text }) => text);
  if (full.length > 0 && olds.onDataLoss !== "allow" && !allowedForAll()) {
    throw new NatsError(
      `key: another key is another account, and the messages of this one would be deleted with it: ${full.join("; ")}. ` +
        'Fix: leave the key; or first onDataLoss: "allow" and `pulumi up`, then the key',
    );
  }
  return lost.map(({ text, isEmpty }) => ({
    severity: isEmpty ? "info" : "warning",
    message: `another key is another account; this one takes its streams with it: ${text}`,
  }));
}

/** Keys that are unknown only because something else of the operator changes are what they were. */
export function withKnownKeys(olds: AccountState, news: AccountInputs): AccountInputs {
  if (news.operatorKeyring === undefined || news.operatorKeyring !== olds.operatorKeyring) return news;
  return {
    ...news,
    ...(isUnknown(news.operator) ? { operator: olds.operator } : {}),
    ...(isUnknown(news.operatorKey) ? { operatorKey: olds.operatorKey } : {}),
    ...(hasUnknown(news.servers) ? { servers: olds.servers } : {}),
  };
}

/** Settings in one spelling: what is default is left out, short forms are written out. */
export function settledSettings(settings: AccountSettings): AccountSettings {
  const { name, expiry, start, revocations, ...rest } = settings;
  const identity = { publicKey: "", signingKeys: [], revocations: {} };
  const flat = flattenAccount(accountClaims({ ...rest, name }, identity, 0).nats as unknown as JsonObject);
  return {
    ...flat,
    name,
    ...(expiry === undefined || expiry === "0" ? {} : { expiry }),
    ...(start === undefined || start === "0" ? {} : { start }),
    ...(revocations === undefined || Object.keys(revocations).length === 0 ? {} : { revocations }),
  };
}

/** What differs in claims that are found, by name, with the value found. */
export function differingSettings(
  settled: AccountSettings,
  found: AccountSettings,
): { name: string; value: unknown }[] {
  const [own, other] = [settled, found] as unknown as Record<string, unknown>[];
  const kept = ["expiry", "start", "revocations"];
  const names = new Set([...Object.keys(own!), ...Object.keys(other!)].filter((name) => !kept.includes(name)));
  return [...names]
    .filter((name) => JSON.stringify(own![name]) !== JSON.stringify(other![name]))
    .map((name) => ({ name, value: other![name] }));
}

function signingKeyChanges(olds: AccountState, news: AccountInputs, notes: Notes): Changes {
  if (hasUnknown(news.sk)) return { sk: "update" };
  const before = keysText(olds, olds.generated, olds.signingKeys);
  const generated = generatedKeys(news.sk, "account", olds.generated);
  const after = keysText(news, generated);
  if (before === after) return {};
  const keys = signingKeysOf(news.sk, generated).map(({ publicKey }) => publicKey);
  const gone = olds.signingKeys.filter((key) => !keys.includes(key));
  if (gone.length > 0) {
    const message = `users that ${gone.join(", ")} issued are disconnected, and can't come back with the creds that they have`;
    notes.push({ severity: "warning", message });
  }
  return { sk: kindOf(olds.sk, news.sk, false) };
}

/** Public keys with what their roles say; `live` are those that the servers have. */
function keysText(
  inputs: AccountInputs,
  generated: Readonly<Record<string, string>>,
  live?: readonly string[],
): string {
  const { signingKeys } = keyringOf(inputs, { publicKey: "", seed: undefined }, generated);
  const keys = signingKeys.map((key) => key.publicKey);
  if (live && JSON.stringify([...live].sort()) !== JSON.stringify([...keys].sort())) return JSON.stringify(live);
  return JSON.stringify(signingKeys.map(scopeClaims));
}

function serverChanges(olds: AccountState, news: AccountInputs, notes: Notes): Changes {
  if (hasUnknown(news.servers)) return { servers: "update" };
  const changes: Changes = {};
  const { jti } = readClaims(olds.jwt) ?? { jti: "" };
  for (const one of news.servers) {
    const before = olds.servers.find(({ cluster }) => cluster === one.cluster);
    const path = `servers.${one.cluster}`;
    if (!before) changes[path] = "add";
    else if (olds.pushed[one.cluster] !== jti) {
      changes[path] = "update";
      notes.push({
        severity: "warning",
        message: `cluster "${one.cluster}" does not have these claims on all of its servers: they are pushed`,
      });
    } else if (JSON.stringify(before) !== JSON.stringify(one)) changes[path] = "update";
  }
  for (const { cluster } of olds.servers) {
    if (news.servers.some((one) => one.cluster === cluster)) continue;
    changes[`servers.${cluster}`] = "delete";
    notes.push({
      severity: "info",
      message: `it stays on cluster "${cluster}", where it is not kept up to date any more`,
    });
  }
  return changes;
}
