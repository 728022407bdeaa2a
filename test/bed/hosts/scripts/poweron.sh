#!/bin/bash
# poweron.sh HOST: boots a host that was cut or powered off; its disk is as it was.
. "$(dirname "$0")/lib.sh"; h=$1; d=$BED/hosts/$h
! kill -0 "$(cat "$d/pid" 2>/dev/null)" 2>/dev/null || die "$h is running"
reap "$h"; boot "$h"; wait_ssh "$h" 240
