/** Why the API server opens no web socket to a pod, by the status that the library has in its words alone. */
export function socketRefusal(error: unknown, resource: "pods/exec" | "pods/portforward"): string {
  const message = (error as { message?: string }).message ?? String(error);
  const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (status === "404") return "it is not there";
  if (status === "403") return `the user of the kubeconfig may not "create" "${resource}" there`;
  return message;
}
