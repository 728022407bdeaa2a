import { consumerInfo } from "../apply/jetstreamConsumers";
import { NatsError } from "../errors";
import type { CallContext, Live } from "../host/handler";
import { flattenConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { liveAsset } from "./assetRead";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { jetStreamOf } from "./jetstreamOf";

/** The consumer as it is, in the program's own spelling where nothing has changed; undefined when it is gone. */
export async function readConsumer(
  context: CallContext,
  id: string,
  state: ConsumerResourceState | undefined,
): Promise<Live<ConsumerInputs, ConsumerResourceState> | undefined> {
  const { stream, name } = consumerOfId(id);
  const js = await jetStreamOf(context);
  const info = await consumerInfo(js, stream, name);
  if (!info) return undefined;
  return liveAsset(context, consumerStates, state, info, js.serverVersion, () => ({
    ...flattenConsumer(info.config),
    stream,
  }));
}

/** `ORDERS/invoices`, or `JETSTREAM_STREAM_ORDERS_CONSUMER_invoices` as the Terraform provider writes it. */
export function consumerOfId(id: string): { readonly stream: string; readonly name: string } {
  const found = /^JETSTREAM_STREAM_(.+?)_CONSUMER_(.+)$/.exec(id) ?? /^([^/]+)\/([^/]+)$/.exec(id);
  if (!found) {
    throw new NatsError(`"${id}" names no consumer. Fix: the stream's name, "/" and the consumer's: ORDERS/invoices`);
  }
  return { stream: found[1]!, name: found[2]! };
}
