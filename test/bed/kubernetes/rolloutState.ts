import type { KubernetesState } from "../../../provider/model/kubernetes";
import type { TestStack } from "../stack";

const secretMark = "4dabf18193072939515e22adb298388d";

/** What the stack keeps of its cluster's rollout, secrets in plain. */
export async function rolloutState(stack: TestStack): Promise<KubernetesState> {
  const { deployment } = (await stack.stack.exportStack()) as { deployment: unknown };
  const { resources } = deployment as {
    readonly resources: readonly { readonly type: string; readonly outputs?: object }[];
  };
  const found = resources.find(({ type }) => type.endsWith("nats:KubernetesRollout"));
  return revealed(found!.outputs) as KubernetesState;
}

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const { [secretMark]: isSecret, plaintext } = value as Record<string, unknown>;
  if (isSecret !== undefined) return JSON.parse(plaintext as string);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revealed(member)]));
}
