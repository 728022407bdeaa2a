import { existsSync, statSync } from "node:fs";
import { ProblemsError } from "../errors";
import type { Problem } from "../errors";
import { expandPath } from "../apply/natsContext";
import type { DiscoverOptions } from "./discover";

/** How one account is entered, in the words of the command line. */
export interface AccountWay {
  /** What `--account` calls it; undefined where it stands nowhere: the connection's own account then. */
  readonly name?: string;
  readonly context?: string;
  readonly server?: string;
  readonly creds?: string;
  /** It came with creds or a context of its own. */
  readonly own: boolean;
}

/** The accounts that the command line asks for, in its order. Throws ProblemsError with all that is wrong. */
export function accountWays(
  { account = [], context, server, creds }: DiscoverOptions,
  environment: NodeJS.ProcessEnv = process.env,
): AccountWay[] {
  const shared = { ...(context ? { context } : {}), ...(server ? { server } : {}) };
  const common = { ...shared, ...(creds ? { creds } : {}) };
  if (account.length === 0) return [{ ...common, own: false }];
  const problems: Problem[] = [];
  const ways = account.map((text): AccountWay => {
    const [, name, , login] = /^([^=]*)(=(.*))?$/s.exec(text)!;
    if (name === "" || login === "") {
      const reason = `"${text}": ${name === "" ? "a name" : "a creds file or a context"} is missing`;
      problems.push({ path: "--account", reason, fix: `--account ${name || "ORDERS"}=${login || "orders.creds"}` });
    }
    if (login === undefined) return { name: name!, ...common, own: false };
    const file = expandPath(login, environment);
    return isCreds(file)
      ? { name: name!, ...shared, creds: file, own: true }
      : { name: name!, context: login.endsWith(".json") ? file : login, own: true };
  });
  problems.push(...disagreements(ways, { context, server, creds }));
  if (problems.length > 0) throw new ProblemsError("the accounts to discover", problems);
  return ways;
}

/** A path, or a file that is there, is a creds file; a .json file, or any other name, a context of the nats CLI. */
function isCreds(login: string): boolean {
  if (login.endsWith(".json")) return false;
  return /[/\\]|\.creds$/.test(login) || (existsSync(login) && statSync(login).isFile());
}

function disagreements(
  ways: readonly AccountWay[],
  given: Pick<DiscoverOptions, "context" | "server" | "creds">,
): Problem[] {
  const problems: Problem[] = [];
  const names = ways.map(({ name }) => name);
  for (const twin of new Set(names.filter((name, index) => names.indexOf(name) < index))) {
    problems.push({ path: "--account", reason: `"${twin}" is there twice`, fix: "keep one" });
  }
  const bare = ways.filter(({ own }) => !own).map(({ name }) => name);
  if (bare.length > 1) {
    const reason = `a connection is of one account, and ${bare.join(", ")} come without credentials`;
    const fix = bare.map((name) => `--account ${name}=<creds file or context>`).join(" ");
    problems.push({ path: "--account", reason, fix });
  }
  const unused = (["context", "server", "creds"] as const).filter(
    (key) => given[key] !== undefined && ways.every((way) => way.own && way[key] !== given[key]),
  );
  for (const key of unused) {
    const reason = `each --account brings ${key === "creds" ? "credentials" : "a context"} of its own, so nothing reads it`;
    problems.push({ path: `--${key}`, reason, fix: `leave --${key} out` });
  }
  return problems;
}
