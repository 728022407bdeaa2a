#!/bin/bash
# down.sh WORK : ends what up.sh started there, also what a killed run has left, and drops its state. Imported images stay.
set -uo pipefail
work=$1
run=$work/run

ours() { tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$work"; }
descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    descendants "$child"
    echo "$child"
  done
}
# Nothing of it is kept, so all end at once; one whose parent has yet to hear of it counts as ended.
running() { ps -o stat= -p "$1" | grep -qv '^Z'; }
processes=()
for process in $(cat "$run"/*.pid 2>/dev/null) $(pgrep containerd-shim); do
  ours "$process" && processes+=("$process" $(descendants "$process"))
done
[ ${#processes[@]} -gt 0 ] && kill -9 "${processes[@]}" 2>/dev/null
for process in "${processes[@]}"; do
  for _ in $(seq 200); do running "$process" || break; sleep 0.05; done
done

awk -v place="$work/" 'index($2, place) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
if ip link show cni0 >/dev/null 2>&1; then
  nft delete table ip kube-proxy 2>/dev/null
  nft delete table ip6 kube-proxy 2>/dev/null
  for link in $(ip -o link show master cni0 | sed 's/^[0-9]*: \([^@:]*\).*/\1/'); do ip link delete "$link"; done
  ip link delete cni0
fi
rm -rf "$run" "$work"/{log,pki,volumes,etcd,kubelet,podlogs,kubeconfig}
exit 0
