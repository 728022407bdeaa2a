import type { SshSettings } from "../../model/ssh";
import type { HostKeyVerdict, HostKeys } from "./hostKeys";
import { fingerprint, keyType } from "./knownHosts";
import { SshError } from "./sshError";
import { sshLabel } from "./sshUser";

/** What to do about host keys that are not known to be the host's; the one that was shown first stands in the fix. */
export function hostKeyFailure(
  settings: SshSettings,
  keys: HostKeys,
  shown: readonly Buffer[],
  verdict: Exclude<HostKeyVerdict, { kind: "known" }>,
): SshError {
  const key = shown[0]!;
  const [print, type] = [fingerprint(key), keyType(key)];
  const line = `${keys.name} ${type} ${key.toString("base64")}`;
  const file = settings.knownHostsFile ?? "~/.ssh/known_hosts";
  const compare = `compare the fingerprint with what \`ssh-keygen -lf ${keyFile(type)}\` prints on the host itself`;
  const accept = `hostKey: "${print}", or add the line to ${file}:\n  ${line}\n`;
  const fail = (reason: string, fix: string): SshError => new SshError("host key", sshLabel(settings), reason, fix);
  const danger = "Somebody may be in between, or the host was installed anew";
  switch (verdict.kind) {
    case "unknown": {
      const others =
        verdict.otherTypes.length === 0 ? "" : ` (known of it: keys of type ${verdict.otherTypes.join(", ")})`;
      return fail(
        `the host key is not known: it shows ${print} (${type}), and ${verdict.files.join(" and ")} ${verdict.files.length > 1 ? "have" : "has"} no such line for ${keys.name}${others}`,
        `${compare}; where it is the same: ${accept}`,
      );
    }
    case "changed":
      return fail(
        `THE HOST KEY HAS CHANGED: it shows ${print} (${type}), but line ${verdict.line} of ${verdict.file} says ${verdict.known}. ${danger}`,
        `${compare}; where it is the same: ssh-keygen -R '${keys.name}' -f ${verdict.file}, then ${accept}`,
      );
    case "revoked":
      return fail(
        `the host key is revoked: it shows ${print} (${type}), which line ${verdict.line} of ${verdict.file} marks @revoked`,
        `give the host a new key (rm ${keyFile(type)}*; ssh-keygen -A; systemctl restart ssh)`,
      );
    case "not pinned": {
      const all = shown.map((one) => `${fingerprint(one)} (${keyType(one)})`).join(", ");
      return fail(
        `THE HOST KEY IS NOT THE PINNED ONE: it shows ${all}, but hostKey is ${verdict.pinned}. ${danger}`,
        `${compare}; where it is the same: hostKey: "${print}"`,
      );
    }
  }
}

function keyFile(type: string): string {
  const short = type.startsWith("ecdsa") ? "ecdsa" : type.replace(/^ssh-/, "");
  return `/etc/ssh/ssh_host_${short}_key.pub`;
}
