#!/bin/bash
# rate.sh HOST RATE|none: how much reaches a host in a second, such as 512kbit.
. "$(dirname "$0")/lib.sh"; h=$1
router tc qdisc del dev "$h" root 2>/dev/null || true
[ "$2" = none ] || router tc qdisc add dev "$h" root tbf rate "$2" burst 16kb latency 400ms
