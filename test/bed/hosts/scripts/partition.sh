#!/bin/bash
# partition.sh cut A B [oneway]   drop all frames between two hosts; B may be "tester"
# partition.sh isolate A          cut A off from every other host; unplug A: from the tester too
# partition.sh heal [A B]         undo one cut, or everything
. "$(dirname "$0")/lib.sh"
# Frames of the tester enter a bridge by its own address, where nothing is dropped: what answers it is.
element() { echo "{ $(hip "$1") . $(hip "$2") }"; }
cut() { router nft add element bridge bed cut "$(element "$1" "$2")"; }
case ${1:-} in
cut) cut "$2" "$3"; [ "${4:-}" = oneway ] || cut "$3" "$2" ;;
isolate) for h in $(hosts); do [ "$h" = "$2" ] || { cut "$2" "$h"; cut "$h" "$2"; }; done ;;
unplug) ip -n "$NS" link set "$2" down ;;
heal) if [ $# = 3 ]; then
    router nft delete element bridge bed cut "$(element "$2" "$3")" 2>/dev/null || true
    router nft delete element bridge bed cut "$(element "$3" "$2")" 2>/dev/null || true
  else router nft flush set bridge bed cut; for h in $(hosts); do ip -n "$NS" link set "$h" up 2>/dev/null || true; done; fi ;;
*) die "usage: cut A B [oneway] | isolate A | unplug A | heal [A B]" ;;
esac
