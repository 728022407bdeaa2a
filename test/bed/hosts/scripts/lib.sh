# What all scripts of the bed share. The front (hostsBed.ts) sets these:
#   BASE     root file system that all hosts share, read only    NET   first two octets; host <h> of region <r> is $NET.<r>.<10+h>,
#   WAN      the router between regions (wan/)                         the tester is $NET.0.2
#   BED      folder of this bed                                  NS    prefix of its namespaces, links and cgroups, short
set -euo pipefail
umask 022
: "${BASE:?}" "${WAN:?}" "${BED:?}" "${NET:?}" "${NS:?}"
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DISK=8G
die() { echo "${0##*/}: $*" >&2; exit 1; }

hosts()  { ls "$BED/hosts" 2>/dev/null || true; }
region() { local n=${1#r}; echo "${n%%h*}"; }
hip()    { if [ "$1" = tester ]; then echo "$NET.0.2"; else cat "$BED/hosts/$1/ip"; fi; }
router() { ip netns exec "$NS" "$@"; }
ms()     { echo $(( $(date +%s%N) / 1000000 )); }

# Every mounted cgroup hierarchy (v1 controllers, v1 name=systemd, v2), one mount point a line.
cgroups() { awk '{for(i=7;i<NF;i++)if($i=="-"){if($(i+1)~/^cgroup2?$/)print $5;break}}' /proc/self/mountinfo; }

# mountpoint(1) stats the folder, which fails on a file system that was shut down: the table is asked.
mounted() { awk -v m="$1" '$5==m{f=1} END{exit !f}' /proc/self/mountinfo; }
unmount() { # twice mounted is corruption: insist that the disk is free again (another mount namespace may hold it)
  local d=$BED/hosts/$1 c
  for c in root disk; do ! mounted "$d/$c" || umount "$d/$c" 2>/dev/null || umount -l "$d/$c"; done
  for _ in $(seq 1200); do [ -n "$(losetup -j "$d/disk.img")" ] || return 0; sleep 0.05; done
  die "$1: its disk is still mounted in some other mount namespace"
}

wait_ssh() { # host, seconds
  local end=$(( $(ms) + $2 * 1000 ))
  # A short time for each try: a lost first SYN would otherwise wait for TCP's growing retransmit times.
  until timeout 0.3 bash -c "exec 3<>/dev/tcp/$(hip "$1")/22; read -r line <&3; [[ \$line = SSH-* ]]" 2>/dev/null; do
    [ "$(ms)" -lt "$end" ] || die "$1: no ssh after $2 s: $(tail -3 "$BED/hosts/$1/console.log")"
    sleep 0.05
  done
}

plug() { # host: its own network namespace, with a link into its region's bridge; the MAC stays the same
  local h=$1 r mac; r=$(region "$h")
  mac=$(IFS=. read -r a b c d < "$BED/hosts/$h/ip"; printf '02:00:%02x:%02x:%02x:%02x' "$a" "$b" "$c" "$d")
  ip netns add "$NS-$h"
  ip -n "$NS" link add "$h" type veth peer name eth0 address "$mac" netns "$NS-$h"
  ip -n "$NS" link set "$h" master "br$r" up
  ip -n "$NS-$h" link set lo up
  ip -n "$NS-$h" addr add "$(hip "$h")/24" dev eth0
  ip -n "$NS-$h" link set eth0 up
  ip -n "$NS-$h" route add default via "$NET.$r.1"
}

boot() { # host: mount its disk, give it a network and a cgroup of its own, start systemd as its pid 1
  local h=$1 d=$BED/hosts/$1
  mounted "$d/disk" || mount -o loop "$d/disk.img" "$d/disk"
  mkdir -p "$d/disk/up" "$d/disk/wk"
  mounted "$d/root" || mount -t overlay "$NS-$h" \
    -o "lowerdir=$BASE,upperdir=$d/disk/up,workdir=$d/disk/wk" "$d/root"
  plug "$h"
  setsid "$HERE/hostRun.sh" "$h" </dev/null >>"$d/console.log" 2>&1 &
  echo $! > "$d/pid"
}

reap() { # host: after its processes are gone, let go of network, mounts, cgroups
  local h=$1 c
  ip -n "$NS" link del "$h" 2>/dev/null || true
  ip netns del "$NS-$h" 2>/dev/null || true
  unmount "$h"
  for c in $(cgroups); do
    [ ! -d "$c/$NS-$h" ] || find "$c/$NS-$h" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  rm -f "$BED/hosts/$h/pid"
}

pid1() { # host: its systemd as seen from here (nspawn's only child)
  local n; n=$(pgrep -P "$(cat "$BED/hosts/$1/pid")" -x systemd-nspawn) && pgrep -P "$n"
}
