#!/bin/bash
# plainHosts.sh install|reload|restart ADDRESS …: one JetStream cluster on hosts with systemd, as an operator's own script would keep it:
# all hosts side by side, restarts one after the other. BINARY is nats-server; BENCH_KEY and BENCH_KNOWN_HOSTS are for ssh.
set -euo pipefail
what=$1; shift
on() { ssh -q -o BatchMode=yes -o UserKnownHostsFile="$BENCH_KNOWN_HOSTS" -i "$BENCH_KEY" "root@$1" "$2"; }
routes=$(printf 'nats://%s:6222, ' "$@")
conf() { # address, max_payload
  cat <<C
server_name: nats-${1##*.}
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"
max_payload: $2
lame_duck_duration: 30s
lame_duck_grace_period: 2s
jetstream { store_dir: /var/lib/nats, max_file_store: 512MB, max_memory_store: 64MB }
cluster { name: plain, listen: "0.0.0.0:6222", routes: [ ${routes%, } ] }
accounts { \$SYS { users: [ { user: sys, password: sys } ] }, APP { jetstream: enabled, users: [ { user: app, password: app } ] } }
C
}
put_conf() { conf "$1" "$2" | on "$1" 'cat > /etc/nats/.new && sync /etc/nats/.new && mv /etc/nats/.new /etc/nats/nats.conf && nats-server -t -c /etc/nats/nats.conf'; }
healthy() {
  for _ in $(seq 600); do ! curl -fsS -m 1 "http://$1:8222/healthz" >/dev/null 2>&1 || return 0; sleep 0.1; done
  echo "$1 is not healthy" >&2; return 1
}
install() {
  on "$1" 'mkdir -p /etc/nats /var/lib/nats; cat > /usr/local/bin/.new && chmod 755 /usr/local/bin/.new && sync /usr/local/bin/.new && mv /usr/local/bin/.new /usr/local/bin/nats-server' < "$BINARY"
  put_conf "$1" 1MB
  on "$1" 'cat > /etc/systemd/system/nats.service; systemctl daemon-reload; systemctl enable -q --now nats; sync' <<'U'
[Unit]
Description=NATS server
After=network.target
[Service]
Type=exec
ExecStart=/usr/local/bin/nats-server -c /etc/nats/nats.conf
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGUSR2
TimeoutStopSec=150
Restart=always
[Install]
WantedBy=multi-user.target
U
}
case $what in
  install) pids=(); for a; do install "$a" & pids+=($!); done; for p in "${pids[@]}"; do wait "$p"; done; for a; do healthy "$a"; done ;;
  reload) for a; do put_conf "$a" 2MB; on "$a" 'systemctl reload nats'; done; for a; do healthy "$a"; done ;;
  restart) for a; do on "$a" 'systemctl restart nats'; healthy "$a"; done ;;
  *) echo "plainHosts.sh: $what: install, reload or restart" >&2; exit 2 ;;
esac
