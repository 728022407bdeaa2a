#!/bin/bash
# latency.sh A B DELAY [JITTER [LOSS]] | A B down     one-way delay between regions A and B (a round trip takes it twice)
# latency.sh start REGIONS | stop
. "$(dirname "$0")/lib.sh"; conf=$BED/wan.conf; pid=$BED/wan.pid
case ${1:-} in
start)
  : > "$conf"
  router ip tuntap add dev wan mode tun; router ip link set wan mtu 1500 up; router ip link set wan txqueuelen 10000
  setsid ip netns exec "$NS" "$WAN" wan "$conf" </dev/null >>"$BED/wan.log" 2>&1 &
  echo $! > "$pid"
  # What enters from a region and leaves to another one goes by way of wan; within a region it goes direct.
  for r in $(seq "$2"); do
    router ip rule add pref 100 iif "br$r" to "$NET.0.0/24" lookup main
    router ip rule add pref 200 iif "br$r" to "$NET.0.0/16" lookup 99
  done
  router ip route add default dev wan table 99 ;;
stop) p=$(cat "$pid") && grep -qs "$conf" "/proc/$p/cmdline" && kill "$p"; rm -f "$pid" "$conf" ;;
*) [ $# -ge 3 ] || die "usage: A B DELAY [JITTER [LOSS]] | A B down"
  { grep -vE "^($1 $2|$2 $1) " "$conf" || true; echo "$*"; } > "$conf.new"; mv "$conf.new" "$conf"
  # It says when it goes by the new ones.
  links() { grep -c 'links:' "$BED/wan.log" || true; }
  n=$(links); kill -HUP "$(cat "$pid")"
  for _ in $(seq 1500); do [ "$(links)" -le "$n" ] || exit 0; sleep 0.02; done
  die "wan does not take its links: $(tail -1 "$BED/wan.log")" ;;
esac
