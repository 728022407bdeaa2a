import { isConfList } from "../../../conf/value";
import type { ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { factFor } from "../../facts";
import type { CheckContext } from "./context";
import { kindOf } from "./context";
import { member } from "./member";
import type { Rule } from "./rules";
import { durationProblem } from "./scalars";

/** Rules of any tls block: `key` is the place below it, after `=` for a value. */
export function tlsRules(key: string, place: string): Rule | undefined {
  if (key === "=.verify_cert_and_check_known_urls") {
    // The parser takes it where routes and gateways verify each other.
    return /^=(cluster|gateway)(\.gateways\[\])?\.tls/.test(place) ? undefined : knownUrls;
  }
  return rules[key];
}

const rules: Readonly<Record<string, Rule>> = {
  "": block,
  ".certs[]": certificate,
  "=.cipher_suites": (value, path, context) => names(value, path, context, "tls.cipher_suites"),
  "=.curve_preferences": (value, path, context) => names(value, path, context, "tls.curve_preferences"),
  "=.pinned_certs": (value, path, context) => {
    if (!isConfList(value)) return;
    value.forEach((pin, index) => {
      if (typeof pin === "string" && !/^[A-Fa-f0-9]{64}$/.test(pin))
        context.error(joinPath(path, index), "is not the sha256 of a certificate's public key: 64 hexadecimal digits");
    });
  },
  "=.min_version": (value, path, context) => {
    if (typeof value === "string" && value !== "1.2" && value !== "1.3")
      context.error(path, `"${value}" is not a version of TLS that the server takes`, '"1.2"');
  },
  "=.handshake_first": (value, path, context) => {
    if (typeof value === "boolean") return;
    if (typeof value !== "string")
      return context.error(path, `${kindOf(value)} stands where true, false, auto or a duration is expected`, "true");
    if (/^(true|on|false|off|auto|auto_fallback)$/i.test(value)) return;
    if (durationProblem(value))
      context.error(path, `"${value}" is none of true, false, auto, nor a duration`, '"auto"');
  },
  "=.cert_store": windows(["windowscurrentuser", "windowslocalmachine"]),
  "=.cert_match_by": windows(["subject", "issuer", "thumbprint"]),
  "=.cert_match": (value, path, context) => {
    if (value === "") context.error(path, "is empty");
  },
};

function knownUrls(value: ConfValue, path: string, context: CheckContext): void {
  if (value === true)
    context.error(path, "only routes and gateways can check certificates against known URLs", "verify");
}

function block(value: ConfValue, path: string, context: CheckContext): void {
  const cert = member(value, "cert_file");
  const key = member(value, "key_file");
  const certs = member(value, "certs", "certificates");
  const isGiven = (file: ConfValue | undefined): boolean => file !== undefined && file !== "";
  if (isConfList(certs) && certs.length > 0 && isGiven(cert))
    context.error(joinPath(path, "cert_file"), "stands beside certs: only one of them can be given");
  if (isGiven(cert) && !isGiven(key))
    context.error(joinPath(path, "cert_file"), "has no key_file beside it", "key_file");
  if (!isGiven(cert) && isGiven(key))
    context.error(joinPath(path, "key_file"), "has no cert_file beside it", "cert_file");
  const suites = member(value, "cipher_suites");
  if (!isConfList(suites) || member(value, "allow_insecure_cipher_suites") === true) return;
  suites.forEach((suite, index) => {
    if (typeof suite === "string" && isWeak(suite))
      context.error(
        joinPath(joinPath(path, "cipher_suites"), index),
        `${suite} is weak`,
        "allow_insecure_cipher_suites: true",
      );
  });
}

function isWeak(suite: string): boolean {
  return /^TLS_RSA_|_RC4_|_3DES_|_CBC_SHA256$/.test(suite);
}

function certificate(value: ConfValue, path: string, context: CheckContext): void {
  for (const key of ["cert_file", "key_file"]) {
    const file = member(value, key);
    if (file === undefined || file === "") context.error(path, `has no ${key}`, key);
  }
}

function names(value: ConfValue, path: string, context: CheckContext, place: string): void {
  if (!isConfList(value)) return;
  if (value.length === 0) context.error(path, "is empty", "leave it out");
  const known = factFor(place)?.enum ?? [];
  value.forEach((name, index) => {
    if (typeof name === "string" && !known.includes(name))
      context.error(joinPath(path, index), `"${name}" is not known to the server`);
  });
}

function windows(known: readonly string[]): Rule {
  return (value, path, context) => {
    if (typeof value === "string" && !known.includes(value.toLowerCase()))
      context.error(path, `"${value}" is none of ${known.join(", ")}`);
  };
}
