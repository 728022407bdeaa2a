import type { SshSettings } from "../../model/ssh";
import type { SshAuth } from "./sshAuth";
import { SshError } from "./sshError";
import { sshLabel, sshPort, sshUser } from "./sshUser";
import { seconds } from "../within";

const sshdLog = "see sshd's log on the host: journalctl -u ssh";

/** What came instead of a login; without an error the host has closed the connection. */
export function loginFailure(
  settings: SshSettings,
  auth: SshAuth,
  shaken: boolean,
  error: (Error & { level?: string }) | undefined,
): SshError {
  const label = sshLabel(settings);
  const why = error?.message ?? "the host closed the connection";
  if (error?.level === "client-authentication" || (shaken && /authentication failures/i.test(why))) {
    return refused(settings, auth, why);
  }
  if (shaken) return new SshError("login", label, `no login: ${why}; tried ${auth.tried()}`, sshdLog, error);
  const fix = `see that sshd listens on port ${sshPort(settings)}, and its log: journalctl -u ssh`;
  return new SshError("handshake", label, `no ssh handshake: ${why}`, fix, error);
}

export function lateLogin(settings: SshSettings, shaken: boolean, timeout: number): SshError {
  const time = `within ${seconds(timeout)}`;
  const hangs =
    "the host hangs, or something else than sshd listens there; see its console, or give more time: connectTimeout";
  return shaken
    ? new SshError("login", sshLabel(settings), `no login ${time}`, sshdLog)
    : new SshError("handshake", sshLabel(settings), `connected, but no ssh handshake ${time}`, hangs);
}

export function expiredPassword(settings: SshSettings): SshError {
  const fix = `ssh ${sshUser(settings)}@${settings.address}, and set a new one`;
  return new SshError("login", sshLabel(settings), "the password has expired", fix);
}

function refused(settings: SshSettings, auth: SshAuth, words: string): SshError {
  const user = sshUser(settings);
  const offered = auth.offered();
  const takes = offered.length > 0 ? `; the host takes ${offered.join(", ")}` : "";
  const said = /^All configured/.test(words) ? "" : ` (${words})`;
  const fix = /Too many/i.test(words)
    ? "give the one key that fits, as privateKey: the host cuts off those who try several"
    : settings.password !== undefined && offered.some((method) => /password|keyboard/.test(method))
      ? `give the password of ${user}, or a privateKey that stands in its authorized_keys`
      : `put the public key into ~${user}/.ssh/authorized_keys on the host, or give user, privateKey, agent or password`;
  return new SshError(
    "login",
    sshLabel(settings),
    `login as ${user} was refused${said}; tried ${auth.tried()}${takes}`,
    fix,
  );
}
