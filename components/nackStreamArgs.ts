import type * as pulumi from "@pulumi/pulumi";
import type { Duration, Size } from "../provider/model/units";
import type { NackObjectArgs, NackSpecArgs } from "./nackObject";

/** Arguments of {@link NackStream}: the fields of the kind Stream in jetstream.nats.io/v1beta2, sizes and durations with units. */
export interface NackStreamArgs extends NackObjectArgs, NackSpecArgs {
  /** Name of the stream. Default the resource's. A change makes another stream. */
  readonly name?: pulumi.Input<string>;
  /** What it is for. */
  readonly description?: pulumi.Input<string>;
  /** Subjects that are stored. */
  readonly subjects?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** How long messages stay: until a limit, until all consumers had them, or until one had them. Default "limits". */
  readonly retention?: pulumi.Input<"limits" | "interest" | "workqueue">;
  /** Most consumers; -1 unlimited. Default -1. */
  readonly maxConsumers?: pulumi.Input<number>;
  /** Most messages; -1 unlimited. Default -1. Less deletes messages. */
  readonly maxMsgs?: pulumi.Input<number>;
  /** Most bytes, "10GiB"; -1 unlimited. Default -1. Less deletes messages. */
  readonly maxBytes?: pulumi.Input<Size>;
  /** Greatest age of a message, "7d"; "0s" unlimited. Default "0s" (the controller's own default would be a year). Less deletes messages. */
  readonly maxAge?: pulumi.Input<Duration>;
  /** Most messages of one subject; -1 unlimited. Default -1. Less deletes messages. */
  readonly maxMsgsPerSubject?: pulumi.Input<number>;
  /** Greatest message, "1MiB"; -1 unlimited. Default -1. */
  readonly maxMsgSize?: pulumi.Input<Size>;
  /** What a full stream does: lose the oldest message, or refuse a new one. Default "old". */
  readonly discard?: pulumi.Input<"old" | "new">;
  /** With `discard: "new"`, refuses also by `maxMsgsPerSubject`. Default false. Can't be turned off again. */
  readonly discardPerSubject?: pulumi.Input<boolean>;
  /** Where messages are kept. Default "file" (that of a manifest without it is memory). Can't be changed. */
  readonly storage?: pulumi.Input<"file" | "memory">;
  /** Copies of each message, 1 to 5. Default 1. */
  readonly replicas?: pulumi.Input<number>;
  /** Stores without telling the publisher. Default false. Can't be turned off again. */
  readonly noAck?: pulumi.Input<boolean>;
  /** How long a message's id is remembered, "2m". Default the server's. */
  readonly duplicateWindow?: pulumi.Input<Duration>;
  /** Where its servers are. Default anywhere. */
  readonly placement?: pulumi.Input<NackPlacement>;
  /** Stream of which it is a copy; then it has no subjects. Can't be changed. */
  readonly mirror?: pulumi.Input<NackSource>;
  /** Streams of which it gathers the messages. */
  readonly sources?: pulumi.Input<readonly pulumi.Input<NackSource>[]>;
  /** How messages are compressed on disk. Default "none". */
  readonly compression?: pulumi.Input<"none" | "s2">;
  /** Sequence of the first message. Default 1. Can't be changed. */
  readonly firstSequence?: pulumi.Input<number>;
  /** Subjects under which messages are stored instead of their own. */
  readonly subjectTransform?: pulumi.Input<NackTransform>;
  /** Publishes what was stored once more. */
  readonly republish?: pulumi.Input<NackRepublish>;
  /** Lets every replica answer requests for single messages. Default false. Can't be turned off again. */
  readonly allowDirect?: pulumi.Input<boolean>;
  /** The same for a mirror, in place of its origin. Default false. Can't be turned off again. */
  readonly mirrorDirect?: pulumi.Input<boolean>;
  /** Takes no message any more, and loses none. Default false. Can't be undone. */
  readonly sealed?: pulumi.Input<boolean>;
  /** No client can delete a message. Default false. Can't be undone. */
  readonly denyDelete?: pulumi.Input<boolean>;
  /** No client can purge it. Default false. Can't be undone. */
  readonly denyPurge?: pulumi.Input<boolean>;
  /** Messages may replace all earlier ones, by a header. Default false. Can't be turned off again. */
  readonly allowRollup?: pulumi.Input<boolean>;
  /** What consumers may set at most. */
  readonly consumerLimits?: pulumi.Input<NackConsumerLimits>;
  /** Messages may have an age of their own. Servers 2.11 and newer. Default false. Can't be turned off again. */
  readonly allowMsgTtl?: pulumi.Input<boolean>;
  /** How long a mark stays where the last message of a subject went by its age. Servers 2.11 and newer. Default none. */
  readonly subjectDeleteMarkerTtl?: pulumi.Input<Duration>;
  /** Messages may add to a counter. Servers 2.12 and newer. Default false. Can't be turned off again. */
  readonly allowMsgCounter?: pulumi.Input<boolean>;
  /** Several messages may be stored all or none. Servers 2.12 and newer. Default false. Can't be turned off again. */
  readonly allowAtomicPublish?: pulumi.Input<boolean>;
  /** Messages may say when they are sent. Servers 2.12 and newer. Default false. Can't be turned off again. */
  readonly allowMsgSchedules?: pulumi.Input<boolean>;
  /** "async" writes to disk later, and may lose the last messages of a server that fails. Servers 2.12 and newer. Default "default". */
  readonly persistMode?: pulumi.Input<"default" | "async">;
  /** Labels of the stream in NATS. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /**
   * The stream and its messages stay in NATS when the object goes. Default true (that of a manifest without it is false): the
   * end of a program deletes no messages.
   */
  readonly preventDelete?: pulumi.Input<boolean>;
}

/** Where a stream's servers are. */
export interface NackPlacement {
  /** Cluster of a supercluster. Default the nearest. */
  readonly cluster?: pulumi.Input<string>;
  /** server_tags that they must have. Default none. */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A stream from which messages come. */
export interface NackSource {
  /** Its name. */
  readonly name: pulumi.Input<string>;
  /** First message that is wanted, by its sequence. Default the first. */
  readonly optStartSeq?: pulumi.Input<number>;
  /** First message that is wanted, by its time, RFC 3339. Default the first. */
  readonly optStartTime?: pulumi.Input<string>;
  /** Only messages of these subjects. Default all. */
  readonly filterSubject?: pulumi.Input<string>;
  /** Prefix of the JetStream API in another account or domain. */
  readonly externalApiPrefix?: pulumi.Input<string>;
  /** Prefix of the subjects by which messages come from there. */
  readonly externalDeliverPrefix?: pulumi.Input<string>;
  /** Subjects under which messages are stored instead of their own. */
  readonly subjectTransforms?: pulumi.Input<readonly pulumi.Input<NackTransform>[]>;
}

/** A change of subjects. */
export interface NackTransform {
  /** Subjects that it is for. */
  readonly source: pulumi.Input<string>;
  /** What they become. */
  readonly dest: pulumi.Input<string>;
}

/** What is published once more. */
export interface NackRepublish {
  /** Subjects that it is for. */
  readonly source: pulumi.Input<string>;
  /** Subjects under which it is published. */
  readonly destination: pulumi.Input<string>;
  /** Without the message's content. Default false. */
  readonly headersOnly?: pulumi.Input<boolean>;
}

/** What consumers of a stream may set at most. */
export interface NackConsumerLimits {
  /** Time without a client after which a consumer goes, "1h". Default unlimited. */
  readonly inactiveThreshold?: pulumi.Input<Duration>;
  /** Messages without an acknowledgement. Default unlimited. */
  readonly maxAckPending?: pulumi.Input<number>;
}
