/** Commands that the bed needs, each with the Debian package that has it. */
export const packages: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  ip: "iproute2",
  nft: "nftables",
  "ssh-keygen": "openssh-client",
  "ssh-agent": "openssh-client",
  "mkfs.ext4": "e2fsprogs",
  pgrep: "procps",
  perl: "perl-base",
};
