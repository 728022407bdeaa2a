#!/bin/bash
# image.sh FOLDER: the root file system of all hosts: Debian, systemd, sshd, sudo. It holds no ssh key and no host key.
# Users: root; ops with sudo; admin with sudo by password; guest without sudo. Password of the last three: $PASSWORD.
set -euo pipefail
umask 022
base=$1; : "${PASSWORD:?}"
mmdebstrap --quiet --variant=minbase \
  --include=systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,sudo \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$base"
rm -rf "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/* "$base"/etc/ssh/ssh_host_*
: > "$base/etc/machine-id"

for user in ops admin guest; do
  chroot "$base" useradd --create-home --shell /bin/bash "$user"
  echo "$user:$PASSWORD" | chroot "$base" chpasswd
done
printf 'ops ALL=(ALL) NOPASSWD: ALL\nadmin ALL=(ALL) ALL\n' > "$base/etc/sudoers.d/bed"
chmod 440 "$base/etc/sudoers.d/bed"

cat > "$base/etc/ssh/sshd_config.d/bed.conf" <<C
PermitRootLogin prohibit-password
PasswordAuthentication yes
KbdInteractiveAuthentication no
UseDNS no
AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/bed_authorized_keys
HostKey /etc/ssh/ssh_host_ed25519_key
HostKey /etc/ssh/ssh_host_ecdsa_key
C
# A persistent journal: the log survives a power cut.
mkdir -p "$base/var/log/journal" "$base/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=persistent\nSystemMaxUse=32M\n' > "$base/etc/systemd/journald.conf.d/bed.conf"
# Units that mean nothing inside a container.
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer getty.target console-getty.service \
            systemd-timesyncd.service systemd-networkd-wait-online.service dpkg-db-backup.timer; do
  ln -sf /dev/null "$base/etc/systemd/system/$unit"
done
ln -sf /lib/systemd/system/multi-user.target "$base/etc/systemd/system/default.target"
