#!/bin/bash
# down.sh: ends all hosts of this bed at once and removes everything of it, also what a killed up.sh has begun.
. "$(dirname "$0")/lib.sh"
up=$(cat "$BED/up.pid" 2>/dev/null) && grep -qs up.sh "/proc/$up/cmdline" && kill -9 "$up" || true
pids=$(for c in $(cgroups); do find "$c" -maxdepth 5 -path "$c/$NS-*" -name cgroup.procs -exec cat {} + 2>/dev/null || true; done | sort -u)
"$HERE/freeze.sh" thaw $(hosts) 2>/dev/null || true
[ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
for h in $(hosts); do
  p=$(cat "$BED/hosts/$h/pid" 2>/dev/null) || { reap "$h" || true; continue; }
  for _ in $(seq 1500); do kill -0 "$p" 2>/dev/null || break; sleep 0.02; done
  reap "$h" || true
done
"$HERE/latency.sh" stop 2>/dev/null || true
ip link del "$NS-0" 2>/dev/null || true
for n in $(ip netns list | awk -v n="$NS" '$1==n || index($1, n "-")==1 {print $1}'); do ip netns del "$n"; done
! mounted "$BED/hosts" || umount "$BED/hosts" || umount -l "$BED/hosts"
rm -rf --one-file-system "$BED"
