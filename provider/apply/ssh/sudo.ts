import { randomBytes } from "node:crypto";
import type { SshSettings } from "../../model/ssh";
import { SshError } from "./sshError";
import { shellQuote } from "./shellQuote";
import { sshUser } from "./sshUser";

/** What a command line becomes where it needs root, and how to tell sudo's words from its own. */
export interface SudoPlan {
  readonly line: string;
  /** sudo writes this to standard error when it wants the password. */
  readonly prompt: string;
  /** Written to standard error by the command itself before anything else. */
  readonly started: string;
  /** Undefined: sudo must not ask. */
  readonly password: string | undefined;
}

/** How to run a command line as root; undefined where the user is root already. */
export function sudoPlan(settings: SshSettings, label: string, command: string): SudoPlan | undefined {
  const user = sshUser(settings);
  if (user === "root") return undefined;
  const { sudo = true } = settings;
  if (sudo === false) {
    throw new SshError(
      "sudo",
      label,
      `this needs root, and ${user} must not use sudo (sudo: false)`,
      `sudo: true, or user: "root"`,
    );
  }
  const password = sudo === true ? undefined : (sudo.password ?? settings.password);
  const nonce = randomBytes(9).toString("base64url");
  const [prompt, started] = [`[sudo-${nonce}]`, `[started-${nonce}]`];
  const inner = `printf %s ${shellQuote(started)} >&2\nexec ${command}`;
  // -k: a password that sudo remembers would leave ours to be read by the command.
  const flags = password === undefined ? "-n" : `-S -k -p ${shellQuote(prompt)}`;
  return { line: `env LC_ALL=C sudo ${flags} -- sh -c ${shellQuote(inner)}`, prompt, started, password };
}

/** Why sudo did not start the command, by what it wrote. */
export function sudoFailure(settings: SshSettings, label: string, plan: SudoPlan, said: string): SshError {
  const user = sshUser(settings);
  const words = said.replaceAll(plan.prompt, "").trim();
  const allow = `echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${user} (as root, on the host)`;
  const fail = (reason: string, fix: string): SshError => new SshError("sudo", label, reason, fix);
  if (/sudo\W*(: command)? not found|sudo\W*: No such file/i.test(words)) {
    return fail("there is no sudo on the host", `apt-get install sudo (on the host), or user: "root"`);
  }
  if (/must have a tty/i.test(words)) {
    return fail(
      "sudo wants a terminal",
      `echo 'Defaults:${user} !requiretty' > /etc/sudoers.d/${user}-tty (as root, on the host)`,
    );
  }
  if (/is not in the sudoers file|may not run sudo|not allowed to (execute|run)/i.test(words)) {
    return fail(`${user} is not allowed to use sudo`, allow);
  }
  if (plan.password !== undefined && /try again|incorrect password|no password was provided/i.test(words)) {
    return fail(
      `sudo does not take the password of ${user}`,
      "sudo: { password: config.requireSecret(…) } with the right one",
    );
  }
  if (/password is required|terminal is required/i.test(words)) {
    return fail(`sudo asks ${user} for a password`, `sudo: { password: config.requireSecret(…) }, or ${allow}`);
  }
  return fail(`sudo did not start the command: ${words || "it said nothing"}`, allow);
}
