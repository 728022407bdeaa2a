/** An object of nack's controller, and how its API server is reached. */
export interface NackSettledInputs {
  /** Content or path of a kubeconfig; a secret. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** "Stream". */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What it shall be: a change is waited for again. */
  readonly spec: string;
}

/** The part of a status that counts. */
export interface NackStatus {
  readonly metadata?: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** Undefined where NATS is as the object says; else why not yet, in the controller's words where it has any. */
export function whyNotSettled(object: NackStatus): string | undefined {
  const ready = object.status?.conditions?.find(({ type }) => type === "Ready");
  const isCurrent = (object.status?.observedGeneration ?? 0) >= (object.metadata?.generation ?? 0);
  if (ready?.status === "True" && isCurrent) return undefined;
  if (ready?.status === "False") return ready.message ?? "it says no, and not why";
  return "the controller has not looked at it";
}
