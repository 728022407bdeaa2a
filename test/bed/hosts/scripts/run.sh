#!/bin/bash
# run.sh HOST SCRIPT: runs a shell script as root on a host, past its sshd and its network; standard input is the script's.
. "$(dirname "$0")/lib.sh"
p=$(pid1 "$1") || die "$1 is not running"
exec nsenter --target "$p" --mount --uts --ipc --net --pid --root \
  env -i -C /root HOME=/root USER=root LOGNAME=root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  bash -c "$2"
