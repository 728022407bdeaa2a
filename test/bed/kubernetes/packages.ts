import { existsSync } from "node:fs";
import { run } from "./run";

/** Debian's packages that a node needs, each with a file of it. */
const packages: Readonly<Record<string, string>> = {
  containerd: "/usr/bin/containerd",
  runc: "/usr/sbin/runc",
  "containernetworking-plugins": "/usr/lib/cni/bridge",
  nftables: "/usr/sbin/nft",
  iptables: "/usr/sbin/iptables",
  conntrack: "/usr/sbin/conntrack",
  openssl: "/usr/bin/openssl",
  "busybox-static": "/bin/busybox",
  iproute2: "/sbin/ip",
  procps: "/usr/bin/pgrep",
};

/** Installs what is missing. Only for root, on Debian and its kin. */
export async function installPackages(): Promise<void> {
  const missing = Object.keys(packages).filter((name) => !existsSync(packages[name]!));
  if (missing.length === 0) return;
  process.stderr.write(`pulumi-nats: installing ${missing.join(", ")} for the Kubernetes bed …\n`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env });
  await run("apt-get", ["install", "-qq", "--no-install-recommends", ...missing], { env });
}
