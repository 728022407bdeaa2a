import type { Problem } from "../../errors";
import type { OperatorSettings } from "./operatorClaims";
import { keyProblems, signingKeyProblems } from "./signingKeyChecks";
import type { SigningKeyInputs } from "./signingKeys";
import { signingKeyEntries } from "./signingKeys";
import { nkeyKind } from "../config/check/nkeyKind";
import { claimNameProblems, validityProblems } from "./userChecks";

export interface OperatorInputs extends OperatorSettings {
  /** Seed of the operator's own key, brought along. */
  readonly key?: string;
  readonly sk: SigningKeyInputs;
  readonly systemAccountKey?: string;
  readonly systemUserKey?: string;
}

/** Everything wrong with an operator's inputs. `now` in seconds. */
export function operatorProblems(inputs: Partial<OperatorInputs>, now: number): Problem[] {
  const { name, key, sk, systemAccountKey, systemUserKey, expiry, start } = inputs;
  const problems = [
    ...claimNameProblems("operator", name),
    ...validityProblems(expiry, start, now),
    ...textsProblems("tag", inputs.tag, '["production"]'),
    ...signingKeyProblems(sk, "operator"),
    ...(key === undefined ? [] : keyProblems("key", key, "operator", false)),
    ...(systemAccountKey === undefined ? [] : keyProblems("systemAccountKey", systemAccountKey, "account", false)),
    ...(systemUserKey === undefined ? [] : keyProblems("systemUserKey", systemUserKey, "user", false)),
    ...urlProblems(inputs),
  ];
  const held = signingKeyEntries(sk).some(
    (entry) => typeof entry === "string" && (entry === "generate" || nkeyKind(entry)?.endsWith("seed")),
  );
  if (inputs.requireSigningKeys && sk !== undefined && !held) {
    const reason = "accounts must be issued by a signing key then, and there is no seed of one";
    problems.push({ path: "requireSigningKeys", reason, fix: 'sk: "generate"' });
  }
  return problems;
}

function urlProblems({ serviceUrl, accountJwtServerUrl }: Partial<OperatorInputs>): Problem[] {
  const problems = textsProblems("serviceUrl", serviceUrl, '["nats://nats.example.com:4222"]');
  if (problems.length === 0) {
    for (const [index, url] of (serviceUrl ?? []).entries()) {
      if (/^(nats|tls|ws|wss):\/\/[^\s/]+/i.test(url)) continue;
      const reason = `"${url}" is no URL of NATS servers (nats, tls, ws or wss)`;
      problems.push({ path: `serviceUrl[${index}]`, reason, fix: '"nats://nats.example.com:4222"' });
    }
  }
  if (accountJwtServerUrl !== undefined && !/^[a-z]+:\/\/\S+/i.test(accountJwtServerUrl)) {
    const reason = `"${accountJwtServerUrl}" is no URL`;
    problems.push({ path: "accountJwtServerUrl", reason, fix: '"nats://nats.example.com:4222"' });
  }
  return problems;
}

function textsProblems(path: string, list: unknown, fix: string): Problem[] {
  if (list === undefined || (Array.isArray(list) && list.every((one) => typeof one === "string"))) return [];
  return [{ path, reason: `${JSON.stringify(list)}: a list of texts is wanted`, fix: `${path}: ${fix}` }];
}
