/** Commands and files that a node needs, each with the Debian package that has it. */
export const packages: Readonly<Record<string, string>> = {
  containerd: "containerd",
  runc: "runc",
  "/usr/lib/cni/bridge": "containernetworking-plugins",
  nft: "nftables",
  iptables: "iptables",
  conntrack: "conntrack",
  openssl: "openssl",
  "/bin/busybox": "busybox-static",
  ip: "iproute2",
  pgrep: "procps",
};
