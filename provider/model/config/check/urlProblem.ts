import type { Told } from "../../../errors";

const badEscape: Told = { reason: "has a bad % escape" };
const noScheme: Told = { reason: "has no scheme", fix: "nats://…" };

/** Why Go's URL parser, and so the server, refuses a URL; undefined when it takes it. Never shows the URL: it may hold a password. */
export function urlProblem(text: string): Told | undefined {
  const url = text.trim();
  if (/[\x00-\x1f\x7f]/.test(url)) return { reason: "has a control character" };
  const [beforeFragment, fragment = ""] = cut(url, "#");
  if (hasBadEscape(fragment)) return badEscape;
  if (url.startsWith(":")) return noScheme;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(beforeFragment)?.[0] ?? "";
  const [rest = ""] = cut(beforeFragment.slice(scheme.length), "?");
  if (scheme !== "" && !rest.startsWith("/")) return undefined;
  if (scheme === "" && !rest.startsWith("/")) {
    const [first = ""] = cut(rest, "/");
    if (first.includes(":")) return noScheme;
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///")))
    return hasBadEscape(rest) ? badEscape : undefined;
  const [authority = "", path = ""] = cut(rest.slice(2), "/");
  if (hasBadEscape(path)) return badEscape;
  return authorityProblem(authority);
}

function authorityProblem(authority: string): Told | undefined {
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user))
      return { reason: "has a character in user or password that must be percent-encoded" };
    if (hasBadEscape(user)) return badEscape;
  }
  const host = authority.slice(at + 1);
  if (host.startsWith("[")) {
    const end = host.lastIndexOf("]");
    if (end < 0) return { reason: 'has no "]" after its address' };
    return /^(:\d*)?$/.test(host.slice(end + 1)) ? undefined : { reason: "has a bad port" };
  }
  const colon = host.lastIndexOf(":");
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return { reason: "has a bad port" };
  if (/[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\x80-\uffff%]/.test(host))
    return { reason: "has a bad character in its host" };
  if (/%(?![89A-Fa-f][0-9A-Fa-f])/.test(host)) return badEscape;
  return undefined;
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9A-Fa-f]{2})/.test(text);
}

function cut(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
