import { binaryFolder } from "../../../model/hosts";
import { quoted } from "../../ssh/shellQuote";

/**
 * One run that tells everything of a host that a rollout may ask, a line a fact: its system, the folder with all generations, units, services,
 * processes and ports.
 */
export function lookScript(
  dir: string,
  nodes: readonly string[],
  { installed = false }: { readonly installed?: boolean } = {},
): string {
  return `dir=${quoted(dir)}
set -- ${nodes.map(quoted).join(" ")}
echo "system $(uname -s) $(uname -m)"
echo "time $(date +%s)"
echo "machine $(cat /etc/machine-id 2>/dev/null)/$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
[ -d /run/systemd/system ] && echo "systemd yes"
for tool in systemctl journalctl tar base64 sha256sum gzip flock runuser useradd ss; do
  command -v $tool >/dev/null 2>&1 || echo "missing $tool"
done
near=$dir; while [ ! -d "$near" ]; do near=$(dirname "$near"); done
echo "free $(df -Pk "$near" | awk 'NR == 2 { print $4 }')"
if cd "$dir" 2>/dev/null; then
  for folder in */; do
    [ -d "$folder" ] || continue
    folder=\${folder%/}
    echo "folder $folder"
    case " $* " in *" $folder "*) ;; *) set -- "$@" "$folder" ;; esac
  done
  nodes=$*
  set --
  for file in owner.json */current */generations */restart-needed */removed; do
    if [ -e "$file" ] || [ -L "$file" ]; then set -- "$@" "$file"; fi
  done
  if [ $# -gt 0 ]; then
    echo "disk $(tar --format=posix -cf - -- "$@" | gzip -1 | base64 -w0)"
  fi
  set -- $nodes
fi
for node in "$@"; do
  unit=/etc/systemd/system/nats-$node.service
  if [ -f "$unit" ]; then
    echo "unit $node $(stat -c '%a:%U' "$unit") $(base64 -w0 < "$unit")"
  fi
  for file in "$unit.d"/*.conf; do
    [ ! -f "$file" ] || sed -n "s|^[[:space:]]*ExecStart[[:space:]]*=[[:space:]]*\\(.\\)|starts $node $file=\\1|p" "$file"
  done
done
for file in ${binaryFolder}/*; do
  [ ! -x "$file" ] || echo "binary $file"
done
${installed ? installedFact : ""}${serviceFacts(`"$@"`)}
listening=$(ss -Hltnp 2>/dev/null)
echo "$listening" | sed 's/^/port /'
for pid in $(echo "$listening" | sed -n 's/.*pid=\\([0-9]*\\),.*/\\1/p' | sort -u); do
  while read -r line; do
    case $line in *.service) echo "serves $pid \${line##*/}"; break ;; esac
  # It may have ended since.
  done < "/proc/$pid/cgroup" || :
done 2>/dev/null
`;
}

const installedFact = `found=$(command -v nats-server) && echo "installed $found $("$found" --version 2>&1 | head -n 1)"
`;

/** The same for the processes alone, which is asked again and again while a server starts or ends. */
export function processScript(node: string): string {
  return serviceFacts(quoted(node));
}

function serviceFacts(nodes: string): string {
  return `boot=$(cat /proc/sys/kernel/random/boot_id)
for node in ${nodes}; do
  state=$(systemctl show -p MainPID -p ActiveState -p UnitFileState "nats-$node.service" 2>/dev/null)
  echo "service $node" $state
  pid=\${state#*MainPID=}; pid=\${pid%%[!0-9]*}
  if [ "\${pid:-0}" -gt 0 ] && read -r stat < "/proc/$pid/stat"; then
    binary=$(readlink "/proc/$pid/exe")
    stat=\${stat##*) }
    start=$(echo "$stat" | cut -d' ' -f20)
    case $stat in Z*|X*) ;; *) echo "process $node $pid $boot/$start $binary" ;; esac
  fi
done 2>/dev/null
`;
}
