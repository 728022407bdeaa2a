import type { Problem } from "../errors";

/** A DNS name as it stands in a certificate: small letters, no dot at the end. */
export function normaliseDnsName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** An IP address in its one canonical form (`2001:db8::1`), or undefined where it is none. */
export function normaliseIpAddress(address: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const parts = address.split(".").map(Number);
    return parts.every((part) => part <= 255) ? parts.join(".") : undefined;
  }
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  if (!bare.includes(":") || !/^[0-9a-f:.]+$/i.test(bare)) return undefined;
  try {
    return new URL(`http://[${bare}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** What is wrong with a DNS name of a certificate, or undefined. */
export function dnsNameProblem(name: string, path: string): Problem | undefined {
  const address = normaliseIpAddress(name);
  if (address)
    return { path, reason: `"${name}" is an IP address, not a DNS name`, fix: `ipAddresses: ["${address}"]` };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    return { path, reason: `"${name}" is a URL, a host's name alone is wanted`, fix: `"${hostOf(name)}"` };
  }
  if (/[^\x20-\x7e]/.test(name)) {
    return {
      path,
      reason: `"${name}" has letters beyond ASCII, which a certificate spells in punycode`,
      fix: `"${hostOf(`http://${name}`)}"`,
    };
  }
  if (name.length > 253) return { path, reason: `a DNS name has at most 253 letters, this one has ${name.length}` };
  const wild = name.startsWith("*.") ? name.slice(2) : name;
  if (wild.includes("*")) {
    return {
      path,
      reason: `"${name}": a star can only stand alone as the first label`,
      fix: `"*.${wild.replace(/^[^.]*\*[^.]*\./, "")}"`,
    };
  }
  const label = wild
    .replace(/\.$/, "")
    .split(".")
    .find((part) => !/^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(part));
  if (label === undefined) return undefined;
  return {
    path,
    reason: `"${name}" is no DNS name: ${label === "" ? "a label is empty" : `"${label}" is no label (1 to 63 letters, digits, "-" or "_", no "-" at its ends)`}`,
    fix: '"nats.example.com"',
  };
}

/** What is wrong with an IP address of a certificate, or undefined. */
export function ipAddressProblem(address: string, path: string): Problem | undefined {
  if (normaliseIpAddress(address)) return undefined;
  if (/\/\d+$/.test(address)) {
    return {
      path,
      reason: `"${address}" is a range; a certificate names single addresses`,
      fix: `"${address.replace(/\/\d+$/, "")}"`,
    };
  }
  const port = /^(.*\..*|\[.*\]):\d+$/.exec(address);
  if (port && normaliseIpAddress(port[1]!)) {
    return {
      path,
      reason: `"${address}" has a port; a certificate names addresses alone`,
      fix: `"${normaliseIpAddress(port[1]!)}"`,
    };
  }
  const fix =
    !/^[\d.:]+$/.test(address) && !dnsNameProblem(address, path)
      ? `dnsNames: ["${address}"]`
      : '"10.0.0.1" or "2001:db8::1"';
  return { path, reason: `"${address}" is no IP address`, fix };
}

function hostOf(url: string): string {
  try {
    return new URL(url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "http://")).hostname || "nats.example.com";
  } catch {
    return "nats.example.com";
  }
}
