#!/bin/bash
# powercut.sh HOST: what a power cut does: silence on the wire at once (no FIN, no RST), every write that was not synced
# is lost, all processes are gone.
. "$(dirname "$0")/lib.sh"; h=$1; d=$BED/hosts/$h
n=$(pid1 "$h") || die "$h is not running"; p=$(cat "$d/pid")
ip -n "$NS" link set "$h" down
# FS_IOC_SHUTDOWN with NOLOGFLUSH: ext4 stops without writing anything more, neither data nor journal.
perl -e 'open(my $f,"<",$ARGV[0]) or die $!; my $a=pack("L",2); ioctl($f,0x8004587d,$a) or die "shutdown: $!"' "$d/disk"
kill -9 "$n"
for _ in $(seq 1500); do kill -0 "$p" 2>/dev/null || break; sleep 0.02; done
reap "$h"
