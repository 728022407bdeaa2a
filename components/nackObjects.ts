/** What nack's controller keeps, as `nats.nack.Stream` and so on. */
export { NackAccount as Account } from "./nackAccount";
export type { NackAccountArgs as AccountArgs } from "./nackAccount";
export { NackConsumer as Consumer } from "./nackConsumer";
export type { NackConsumerArgs as ConsumerArgs } from "./nackConsumerArgs";
export { NackStream as Stream } from "./nackStream";
export type * from "./nackStreamArgs";
export type { NackStreamArgs as StreamArgs } from "./nackStreamArgs";
