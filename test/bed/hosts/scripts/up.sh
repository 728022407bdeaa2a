#!/bin/bash
# up.sh REGIONS HOSTS: that many hosts in each region, booted; returns when all have ssh.
. "$(dirname "$0")/lib.sh"
R=$1; H=$2
echo $$ > "$BED/up.pid"
mkdir "$BED/hosts"; : > "$BED/known_hosts"
[ -e "$BED/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C bed -f "$BED/id_ed25519"
# Shared, so that an unmount here also reaches the copies that every host's mount namespace keeps.
mount --bind "$BED/hosts" "$BED/hosts"; mount --make-shared "$BED/hosts"
# The router's namespace: one bridge a region, one link to the tester; forwarding is on in there only.
ip netns add "$NS"; ip -n "$NS" link set lo up
router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
ip link add "$NS-0" type veth peer name gw netns "$NS"
ip addr add "$NET.0.2/24" dev "$NS-0"; ip link set "$NS-0" up
ip -n "$NS" addr add "$NET.0.1/24" dev gw; ip -n "$NS" link set gw up
ip route add "$NET.0.0/16" via "$NET.0.1"
# Pods, Services and their balancers, where the Kubernetes bed runs on this machine too.
for net in 10.244.0.0/16 10.96.0.0/15; do router ip route add "$net" via "$NET.0.2"; done
for r in $(seq "$R"); do
  ip -n "$NS" link add "br$r" address "0a:58:00:00:00:$(printf %02x "$r")" type bridge; ip -n "$NS" addr add "$NET.$r.1/24" dev "br$r"; ip -n "$NS" link set "br$r" up
done
# Partitions: pairs of addresses whose frames are dropped where they enter a bridge (see partition.sh).
router nft -f - <<N
table bridge bed { set cut { type ipv4_addr . ipv4_addr; }
  chain pre { type filter hook prerouting priority 0; ip saddr . ip daddr @cut counter drop; }
}
N
[ "$R" = 1 ] || "$HERE/latency.sh" start "$R"

names=$(for r in $(seq "$R"); do for i in $(seq "$H"); do echo "$NET.$r.$((10+i)) r${r}h$i"; done; done)
while read -r ip h; do
  d=$BED/hosts/$h; up=$d/disk/up
  mkdir -p "$d/disk" "$d/root"; echo "$ip" > "$d/ip"
  truncate -s "$DISK" "$d/disk.img"; mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$d/disk.img"
  mount -o loop "$d/disk.img" "$d/disk"; mkdir -p "$up/etc/ssh" "$d/disk/wk"
  for type in ed25519 ecdsa; do ssh-keygen -q -t "$type" -N '' -C "$h" -f "$up/etc/ssh/ssh_host_${type}_key"; done
  cp "$up/etc/ssh/ssh_host_ed25519_key.pub" "$up/etc/ssh/ssh_host_ecdsa_key.pub" "$d"
  install -m 644 "$BED/id_ed25519.pub" "$up/etc/ssh/bed_authorized_keys"
  echo "$h" > "$up/etc/hostname"
  printf '127.0.0.1 localhost\n%s\n' "$names" > "$up/etc/hosts"
  echo "$ip $(cut -d' ' -f1,2 "$d/ssh_host_ed25519_key.pub")" >> "$BED/known_hosts"
  boot "$h"
done <<<"$names"
# Synced, so that a power cut right afterwards does not take the host's identity with it.
for h in $(hosts); do wait_ssh "$h" 240; sync -f "$BED/hosts/$h/disk"; done
rm "$BED/up.pid"
