#!/bin/bash
# keep.sh: holds this bed's place as long as its standard input is open, then takes the bed down: also where the test was killed.
# What a run has left whose keeper was killed too is removed first. Exit 75: the place (or its network) is another one's.
. "$(dirname "$0")/lib.sh"
trap '' INT TERM HUP
mkdir -p "$(dirname "$BED")"
exec 9>"$BED.lock"
flock -n 9 || exit 75
[ ! -e "$BED" ] && [ ! -e "/run/netns/$NS" ] || "$HERE/down.sh" 9>&-
[ -z "$(ip -4 route show root "$NET.0.0/16")" ] || exit 75
mkdir -m 700 "$BED"
echo ready
cat >/dev/null || true
exec "$HERE/down.sh"
