import type * as pulumi from "@pulumi/pulumi";
import type { Duration, Size } from "../provider/model/units";
import type { NackObjectArgs, NackSpecArgs } from "./nackObject";

/** Arguments of {@link NackConsumer}: the fields of the kind Consumer in jetstream.nats.io/v1beta2, sizes and durations with units. */
export interface NackConsumerArgs extends NackObjectArgs, NackSpecArgs {
  /** Stream that it reads: `orders.streamName`. A change makes another consumer. */
  readonly streamName: pulumi.Input<string>;
  /** Name of the consumer. Default the resource's. A change makes another consumer. */
  readonly durableName?: pulumi.Input<string>;
  /** What it is for. */
  readonly description?: pulumi.Input<string>;
  /** Where it starts. Default "all". Can't be changed. */
  readonly deliverPolicy?: pulumi.Input<"all" | "last" | "new" | "lastPerSubject" | "byStartSequence" | "byStartTime">;
  /** First message, for "byStartSequence". */
  readonly optStartSeq?: pulumi.Input<number>;
  /** Time of the first message, RFC 3339, for "byStartTime". */
  readonly optStartTime?: pulumi.Input<string>;
  /** What is acknowledged: each message, all up to one, or none. Default "explicit" (that of a manifest without it is "none"). Can't be changed. */
  readonly ackPolicy?: pulumi.Input<"explicit" | "all" | "none">;
  /** How long an acknowledgement is waited for. Default "30s". */
  readonly ackWait?: pulumi.Input<Duration>;
  /** Most times that a message is sent; -1 unlimited. Default -1. */
  readonly maxDeliver?: pulumi.Input<number>;
  /** Pauses before a message is sent again: ["1s", "10s"]. */
  readonly backoff?: pulumi.Input<readonly pulumi.Input<Duration>[]>;
  /** Only messages of these subjects. Default all. Or `filterSubjects`. */
  readonly filterSubject?: pulumi.Input<string>;
  /** Only messages of these subjects. Default all. */
  readonly filterSubjects?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** As fast as can be, or as fast as they came. Default "instant". Can't be changed. */
  readonly replayPolicy?: pulumi.Input<"instant" | "original">;
  /** Share of acknowledgements that are told of: "10%". Default none. */
  readonly sampleFreq?: pulumi.Input<string>;
  /** Most requests that wait. Default the server's, 512. */
  readonly maxWaiting?: pulumi.Input<number>;
  /** Most messages without an acknowledgement. Default the server's, 1000. */
  readonly maxAckPending?: pulumi.Input<number>;
  /** Most messages of one request. Default unlimited. */
  readonly maxRequestBatch?: pulumi.Input<number>;
  /** Longest wait of one request, "30s". Default unlimited. */
  readonly maxRequestExpires?: pulumi.Input<Duration>;
  /** Most bytes of one request, "1MiB". Default unlimited. */
  readonly maxRequestMaxBytes?: pulumi.Input<Size>;
  /** Time without a client after which it goes, "1h". Default never. */
  readonly inactiveThreshold?: pulumi.Input<Duration>;
  /** Subject to which it pushes messages. Default none: clients pull. */
  readonly deliverSubject?: pulumi.Input<string>;
  /** Queue group that gets what it pushes. */
  readonly deliverGroup?: pulumi.Input<string>;
  /** Pushes only as fast as clients take. Default false. Can't be turned off again. */
  readonly flowControl?: pulumi.Input<boolean>;
  /** Sign of life while nothing is pushed, "5s". Default none. */
  readonly heartbeatInterval?: pulumi.Input<Duration>;
  /** Most bits a second that are pushed. Default unlimited. */
  readonly rateLimitBps?: pulumi.Input<number>;
  /** Without the messages' contents. Default false. Can't be turned off again. */
  readonly headersOnly?: pulumi.Input<boolean>;
  /** Copies of its state, 1 to 5; 0 as many as the stream has. Default 0. */
  readonly replicas?: pulumi.Input<number>;
  /** Keeps its state in memory. Default as the stream does. Can't be turned off again. */
  readonly memStorage?: pulumi.Input<boolean>;
  /** Sends nothing until then, RFC 3339. Default not. Servers 2.11 and newer. */
  readonly pauseUntil?: pulumi.Input<string>;
  /** How clients of `priorityGroups` get messages. Default "none". Servers 2.11 and newer. */
  readonly priorityPolicy?: pulumi.Input<"none" | "overflow" | "pinned_client" | "prioritized">;
  /** Groups of clients. */
  readonly priorityGroups?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** How long a silent client stays the only one, for "pinned_client". */
  readonly pinnedTtl?: pulumi.Input<Duration>;
  /** Labels of the consumer in NATS. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** The consumer stays in NATS when the object goes. Default false: with it goes what it knows of acknowledgements. */
  readonly preventDelete?: pulumi.Input<boolean>;
}
