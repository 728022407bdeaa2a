import type { GenerationFiles } from "../../model/nodeFiles";
import { configFile } from "../../model/nodeFiles";
import { execInPod } from "./execInPod";
import type { KubeApi } from "./kubeApi";

const program = `nats-server -t -c current/${configFile}`;

/**
 * Files come line by line, so that no argument has anything of them, into the shared memory that every pod has: the rest of
 * its file system can't be written to, or is the node's disk. Exit code 1 is the server's no; any other is no answer.
 */
export const checkScript = `umask 077
scratch=$(mktemp -d /dev/shm/nats-check-XXXXXX) || exit 2
trap 'rm -rf "$scratch"' EXIT
while read -r name content && [ "$name" != . ]; do
  mkdir -p "$scratch/current/$(dirname "$name")" && printf %s "$content" | base64 -d > "$scratch/current/$name" || exit 2
done
[ "$name" = . ] && cd "$scratch" || exit 2
said=$(${program} 2>&1)
code=$?
case $code in
  0) echo valid ;;
  1) echo refused; printf '%s\\n' "$said" ;;
  *) printf '%s\\n' "$said"; exit $code ;;
esac`;

/**
 * What the nats-server of a running pod says against these files, undefined where it is content. Nothing that runs or is
 * stored changes, but that the check makes the folder of a full resolver, as a start would. Fails where it can't be asked.
 */
export async function checkInPod(
  api: KubeApi,
  namespace: string,
  pod: string,
  files: GenerationFiles,
): Promise<string | undefined> {
  const options = { input: checkLines(files), as: program };
  const said = await execInPod(api, namespace, pod, ["sh", "-c", checkScript], options);
  return said.startsWith("refused") ? said.slice("refused".length).trim() : undefined;
}

/** The files as the script reads them, with a last line of its own. */
export function checkLines(files: GenerationFiles): string {
  const lines = Object.entries(files).map(
    ([name, { content }]) => `${name} ${Buffer.from(content, "utf8").toString("base64")}\n`,
  );
  return `${lines.join("")}.\n`;
}
