import { randomUUID } from "node:crypto";
import type { GenerationFiles } from "../../../model/nodeFiles";
import { unitFile } from "../../../model/nodeFiles";
import { quoted } from "../../ssh/shellQuote";

/** Where a node lies on its host, and who may read it. */
export interface NodePlace {
  readonly node: string;
  readonly nodeDir: string;
  /** Where JetStream's files are; `<nodeDir>/data` is this folder, or a link to it. */
  readonly dataDir: string;
  readonly user: string;
  readonly group: string;
}

function variables({ node, nodeDir, dataDir, user, group }: NodePlace): string {
  return `node=${quoted(node)}; dir=${quoted(nodeDir)}; data=${quoted(dataDir)}; user=${quoted(user)}; group=${quoted(group)}
unit=nats-$node.service; id=${randomUUID()}
`;
}

/** Writes a generation from lines "mode owner path base64" of its input: completely, or not at all. Says its name. */
export function writeScript(place: NodePlace): string {
  return `set -e
${variables(place)}
umask 022
getent group "$group" >/dev/null || groupadd --system "$group"
id "$user" >/dev/null 2>&1 || useradd --system --gid "$group" --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$user"
sync /etc
mkdir -p "$(dirname "$dir")"
install -d -m 0750 -o root -g "$group" "$dir" "$dir/generations"
new=$dir/generations/.new-$id
install -d -m 0750 -o root -g "$group" "$new"
trap 'rm -rf "$new"' EXIT
while read -r mode owner path content; do
  file=$new/$path; folder=$(dirname "$file")
  [ -d "$folder" ] || install -d -m 0750 -o root -g "$group" "$folder"
  (umask 077; printf %s "$content" | base64 -d > "$file")
  chown "$owner" "$file"; chmod "$mode" "$file"
done
find "$new" -exec sync {} +
last=$(ls "$dir/generations" | grep -E '^[0-9]+$' | sort -n | tail -n 1)
name=$((\${last:-0} + 1))
mv -T "$new" "$dir/generations/$name"
sync "$dir/generations"
echo "$name"
`;
}

/** The input of {@link writeScript}: contents never stand in arguments, which everybody on a host can see. */
export function writeLines(place: NodePlace, files: GenerationFiles): string {
  return Object.entries(files)
    .map(([path, { content, mode }]) => {
      const owner = ownerOf(mode) === "root" ? "root:root" : `${place.user}:${place.group}`;
      return `${mode.toString(8)} ${owner} ${path} ${Buffer.from(content).toString("base64")}\n`;
    })
    .join("");
}

/** Public files are root's, so that a server can't change its own configuration; what only the server may read is its user's. */
export function ownerOf(mode: number): "root" | "user" {
  return (mode & 0o044) === 0 ? "user" : "root";
}

/** Makes `current` point to a generation by one rename, and installs the unit that lies in it. */
export function switchScript(place: NodePlace, generation: string, switchedAt: number | undefined): string {
  return `set -e
${variables(place)}
ln -s ${quoted(`generations/${generation}`)} "$dir/.current-$id"
${switchedAt === undefined ? "" : `touch -h -d @${(switchedAt / 1000).toFixed(3)} "$dir/.current-$id"`}
mv -T "$dir/.current-$id" "$dir/current"
sync "$dir"
${installUnit}
`;
}

/** Needs `dir` and `unit`. */
const installUnit = `wanted=$dir/current/${unitFile}; installed=/etc/systemd/system/$unit
if [ -f "$wanted" ]; then
  if [ "$(stat -c '%a:%u:%F' "$installed" 2>/dev/null)" != "644:0:regular file" ] || [ "$(cat "$wanted")" != "$(cat "$installed")" ]; then
    cp "$wanted" "$installed.new"; chmod 0644 "$installed.new"; chown root:root "$installed.new"
    sync "$installed.new"; mv -T "$installed.new" "$installed"; sync /etc/systemd/system
    systemctl daemon-reload
  fi
  # A power cut must not take the start at boot away again.
  systemctl is-enabled -q "$unit" || { systemctl enable -q "$unit"; sync /etc/systemd/system/multi-user.target.wants; }
fi`;

/** Starts the server on `current`; what systemd and the server say is the error where it can't be. */
export function startScript(place: NodePlace): string {
  return `set -e
${variables(place)}
${installUnit}
if [ ! -d "$data" ]; then mkdir -p "$(dirname "$data")"; install -d -m 0700 -o "$user" -g "$group" "$data"; fi
if [ "$data" != "$dir/data" ] && [ ! -L "$dir/data" ]; then ln -s "$data" "$dir/data"; fi
systemctl reset-failed "$unit" 2>/dev/null || true
systemctl start "$unit" || { journalctl -u "$unit" -n 5 -o cat --no-pager >&2; exit 1; }
`;
}

/** The server's own check as the server's user, in a folder in which the generation is `current`. */
export function validateScript(place: NodePlace, generation: string, binary: string): string {
  return `${variables(place)}
scratch=$dir/.check-$id
install -d -m 0750 -o root -g "$group" "$scratch" || exit 1
trap 'rm -rf "$scratch"' EXIT
# The check makes the folder of a full resolver.
install -d -m 0700 -o "$user" -g "$group" "$scratch/data" || exit 1
ln -s ${quoted(`../generations/${generation}`)} "$scratch/current"
cd "$scratch"
runuser -u "$user" -- env -i PATH="$PATH" timeout 30 ${quoted(binary)} -t -c "$scratch/current/nats.conf" > "$scratch/said" 2>&1 && exit 0
sed "s|$scratch/||g" "$scratch/said"
exit 1
`;
}

/** Signals exactly that process; a server that shall end is told so to systemd first, which would start it again. Says "gone" where it is another one. */
export function signalScript(place: NodePlace, pid: number, identity: string, signal: string): string {
  const name = signal.replace(/^SIG/, "");
  // In lame duck mode, which systemd's own stop begins, only an interrupt ends a server at once.
  const direct = name === "TERM" ? "INT" : name;
  const stop = name === "HUP" ? "" : `systemctl stop --no-block "$unit"`;
  return `${variables(place)}
stat=$(cat /proc/${pid}/stat 2>/dev/null) || { echo gone; exit 0; }
[ "$(cat /proc/sys/kernel/random/boot_id)/$(echo "\${stat##*) }" | cut -d' ' -f20)" = ${quoted(identity)} ] || { echo gone; exit 0; }
${stop}
${name === "USR2" ? "" : `kill -${direct} ${pid}`}
echo sent
`;
}

/** Also where it is just between two starts of a server that ends again and again. */
export function restScript(place: NodePlace): string {
  return `${variables(place)}
for attempt in $(seq 100); do
  case $(systemctl show -p ActiveState --value "$unit") in inactive|failed) exit 0 ;; esac
  systemctl stop --no-block "$unit"
  pid=$(systemctl show -p MainPID --value "$unit")
  [ "\${pid:-0}" -gt 0 ] && kill -INT "$pid" 2>/dev/null
  sleep 0.1
done
echo "$unit does not come to rest" >&2
exit 1
`;
}

/** Removes all generations but these, and what a killed rollout left half written. */
export function pruneScript(place: NodePlace, keep: readonly string[]): string {
  return `set -e
${variables(place)}
cd "$dir/generations" 2>/dev/null || exit 0
for name in * .new-*; do
  case " ${keep.join(" ")} " in *" $name "*) ;; *) rm -rf "./$name" ;; esac
done
rm -rf "$dir"/.current-* "$dir"/.check-*
`;
}

/** A small file of the node's folder, from the input. */
export function markScript(place: NodePlace, name: string): string {
  return `set -e
${variables(place)}
mkdir -p "$dir"
cat > "$dir/.mark-$id"; sync "$dir/.mark-$id"; mv -T "$dir/.mark-$id" "$dir/${name}"; sync "$dir"
`;
}

/** Takes a node off its host; what stays of JetStream's files is said. */
export function removeScript(place: NodePlace, what: { readonly data: boolean; readonly cluster?: boolean }): string {
  return `set -e
${variables(place)}
if [ -e "/etc/systemd/system/$unit" ] || [ -L "/etc/systemd/system/$unit" ]; then
  systemctl disable -q --now "$unit" 2>/dev/null || true
  rm -f "/etc/systemd/system/$unit"
  systemctl daemon-reload
  systemctl reset-failed "$unit" 2>/dev/null || true
fi
rm -rf "$dir/current" "$dir/generations" "$dir/restart-needed" "$dir"/.current-* "$dir"/.check-* "$dir"/.mark-*
${what.cluster ? `rm -f "$dir/removed"` : ""}
${what.data ? `rm -rf "$data" "$data"-removed-* "$dir"` : ""}
for left in "$data" "$data"-removed-*; do [ -d "$left" ] && { echo "$left"; break; }; done
[ ! -L "$dir/data" ] || [ -d "$data" ] || rm -f "$dir/data"
rmdir "$dir" 2>/dev/null || true
`;
}

/** Puts JetStream's files aside; says where they are. */
export function asideScript(place: NodePlace): string {
  return `set -e
${variables(place)}
[ -d "$data" ] || exit 0
aside=$data-removed-$(date -u +%Y-%m-%dT%H-%M-%SZ)
mv -T "$data" "$aside"
[ ! -L "$dir/data" ] || rm -f "$dir/data"
echo "$aside"
`;
}

/** Writes owner.json from the input, or takes it away with a folder that is empty then. */
export function ownerScript(dir: string, isOwned: boolean): string {
  const folder = quoted(dir);
  if (!isOwned) return `rm -f ${folder}/owner.json; rmdir ${folder} 2>/dev/null; exit 0\n`;
  return `set -e
umask 022
mkdir -p ${folder}
cat > ${folder}/.owner.new; chmod 0600 ${folder}/.owner.new; sync ${folder}/.owner.new
mv -T ${folder}/.owner.new ${folder}/owner.json; sync ${folder}
`;
}
