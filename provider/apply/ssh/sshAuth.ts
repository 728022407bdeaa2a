import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey } from "ssh2";
import type { Told } from "../../errors";
import type { SshSettings } from "../../model/ssh";
import { ssh2 } from "./ssh2";
import { SshError } from "./sshError";
import { homeFile, sshLabel, sshUser } from "./sshUser";

/** Ways to log in, in order, and what can be said of them when none was taken. */
export interface SshAuth {
  readonly handler: AuthHandlerMiddleware;
  /** "agent (2 keys), ~/.ssh/id_rsa (encrypted)" */
  tried(): string;
  /** What the server would have taken, once it said so. */
  offered(): readonly string[];
}

/** What `ssh` looks for, in its order. */
const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `~/.ssh/${name}`);

interface Candidate {
  readonly name: string;
  readonly method: AnyAuthMethod;
}

export async function sshAuth(settings: SshSettings): Promise<SshAuth> {
  const { candidates, notes } = await collect(settings);
  const tried: string[] = [];
  let offered: readonly string[] = [];
  const left = [...candidates];
  const username = sshUser(settings);
  return {
    // The first question (method "none") only asks the server what it takes.
    handler: (methodsLeft, _partial, next) => {
      if (!methodsLeft) return next({ type: "none", username });
      if (offered.length === 0) offered = methodsLeft;
      for (let one = left.shift(); one; one = left.shift()) {
        const method = one.method.type === "agent" ? "publickey" : one.method.type;
        if (!methodsLeft.includes(method)) continue;
        tried.push(one.name);
        return next(one.method);
      }
      next(false as unknown as AnyAuthMethod);
    },
    tried: () => [...(tried.length > 0 ? tried : ["nothing"]), ...notes].join(", "),
    offered: () => offered,
  };
}

async function collect(settings: SshSettings): Promise<{ candidates: Candidate[]; notes: string[] }> {
  const username = sshUser(settings);
  const candidates: Candidate[] = [];
  const notes: string[] = [];
  if (settings.privateKey !== undefined) {
    const key = parse(settings.privateKey, settings.passphrase);
    if ("reason" in key) throw new SshError("credentials", sshLabel(settings), `privateKey ${key.reason}`, key.fix);
    candidates.push({ name: `privateKey (${key.type})`, method: { type: "publickey", username, key } });
  }
  const agent = agentSocket(settings);
  if (agent !== undefined) {
    const keys = await agentKeys(agent);
    if (typeof keys === "string") {
      if (settings.agent) throw noAgent(settings, `agent ${agent} ${keys}`);
      notes.push(`agent (${keys})`);
    } else if (keys === 0) notes.push("agent (holds no key: ssh-add)");
    else {
      const { createAgent } = ssh2();
      const name = `agent (${keys} key${keys === 1 ? "" : "s"})`;
      candidates.push({ name, method: { type: "agent", username, agent: createAgent(agent) } });
    }
  }
  const hasOwn = settings.privateKey !== undefined || settings.password !== undefined || Boolean(settings.agent);
  if (!hasOwn) {
    for (const file of usualKeys) {
      const text = await readFile(homeFile(file), "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const key = parse(text, settings.passphrase);
      if ("reason" in key) notes.push(`${file} (${key.reason})`);
      else candidates.push({ name: file, method: { type: "publickey", username, key } });
    }
  }
  const { password } = settings;
  if (password !== undefined) {
    candidates.push({ name: "password", method: { type: "password", username, password } });
    candidates.push({
      name: "keyboard-interactive",
      method: {
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _language, prompts, answer) =>
          answer(prompts.map(({ echo }) => (echo ? "" : password))),
      },
    });
  }
  return { candidates, notes };
}

/** The key, or what is wrong with it. */
function parse(text: string, passphrase: string | undefined): ParsedKey | Told {
  const { utils } = ssh2();
  // Its declaration forgets that a file may hold several.
  const parsed = utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) {
    if (/no passphrase given/i.test(key.message))
      return { reason: "is encrypted, and there is no passphrase", fix: rightPassphrase };
    if (/bad passphrase|decrypt|integrity/i.test(key.message))
      return { reason: "is encrypted, and the passphrase does not open it", fix: rightPassphrase };
    return { reason: "can't be read: its form is unknown", fix: newKey };
  }
  return key?.isPrivateKey() ? key : { reason: "is a public key", fix: newKey };
}

const rightPassphrase = "passphrase: config.requireSecret(…)";
const newKey = "ssh-keygen -t ed25519";

function agentSocket(settings: SshSettings): string | undefined {
  const { agent, privateKey, password } = settings;
  if (typeof agent === "string") return homeFile(agent);
  const socket = process.env["SSH_AUTH_SOCK"] || undefined;
  if (agent === true && socket === undefined) throw noAgent(settings, "agent: true, but SSH_AUTH_SOCK is not set");
  if (agent === false || (agent === undefined && (privateKey !== undefined || password !== undefined)))
    return undefined;
  return socket;
}

function noAgent(settings: SshSettings, reason: string): SshError {
  return new SshError("credentials", sshLabel(settings), reason, "eval $(ssh-agent) && ssh-add, or give a privateKey");
}

/** How many keys the agent holds, or what is wrong with it. */
function agentKeys(socket: string): Promise<number | string> {
  const { createAgent } = ssh2();
  return new Promise((resolve) => {
    createAgent(socket).getIdentities((error, keys) => {
      if (!error) resolve(keys?.length ?? 0);
      else resolve(existsSync(socket) ? `does not answer (${error.message})` : "is not there");
    });
  });
}
