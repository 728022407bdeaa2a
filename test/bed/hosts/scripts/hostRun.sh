#!/bin/bash
# hostRun.sh HOST: enters a cgroup of its own in every hierarchy, then runs the host's systemd in it.
. "$(dirname "$0")/lib.sh"; h=$1; d=$BED/hosts/$h
for c in $(cgroups); do
  mkdir -p "$c/$NS-$h"
  [ ! -e "$c/cpuset.mems" ] || { cat "$c/cpuset.cpus" > "$c/$NS-$h/cpuset.cpus" && cat "$c/cpuset.mems" > "$c/$NS-$h/cpuset.mems"; } 2>/dev/null || true
  echo $$ > "$c/$NS-$h/cgroup.procs"
done
while :; do
  rc=0
  systemd-nspawn --quiet --boot --directory="$d/root" --machine="$NS-$h" --hostname="$h" \
    --network-namespace-path="/run/netns/$NS-$h" --capability=CAP_NET_ADMIN \
    --register=no --keep-unit --link-journal=no --resolv-conf=off --timezone=off \
    --console=read-only || rc=$?
  [ "$rc" = 133 ] || exit "$rc"          # 133: the host asked for a reboot
done
