#!/bin/bash
# freeze.sh freeze|thaw HOST…: all processes of a host stand still; its kernel still answers, as that of a hung host does.
. "$(dirname "$0")/lib.sh"; what=$1; shift
for h; do
  for c in $(cgroups); do
    if [ -e "$c/$NS-$h/freezer.state" ]; then
      [ "$what" = thaw ] && echo THAWED > "$c/$NS-$h/freezer.state" || echo FROZEN > "$c/$NS-$h/freezer.state"; continue 2
    fi
  done
  for c in $(cgroups); do
    if [ -e "$c/$NS-$h/cgroup.freeze" ]; then
      [ "$what" = thaw ] && echo 0 > "$c/$NS-$h/cgroup.freeze" || echo 1 > "$c/$NS-$h/cgroup.freeze"; continue 2
    fi
  done
  die "$h: no cgroup of it can be frozen"
done
