import type { JetStreamPublishOptions } from "nats";

/**
 * For the first messages to a new stream: its interest crosses routes in its own time, and until then a publish finds nobody
 * (503). The client knows the option, its types do not.
 */
export const untilHeard: Partial<JetStreamPublishOptions> & { readonly retries: number } = { retries: 120 };
