import type { Aliases, Fields } from "./jsonFields";

const transformAliases: Aliases = { source: "src", destination: "dest" };
const transform: Fields = { src: { json: "src", kind: "text" }, dest: { json: "dest", kind: "text" } };

const source: Fields = {
  name: { json: "name", kind: "text" },
  optStartSeq: { json: "opt_start_seq", kind: "whole", type: "uint64" },
  optStartTime: { json: "opt_start_time", kind: "time" },
  filterSubject: { json: "filter_subject", kind: "text" },
  subjectTransforms: { json: "subject_transforms", kind: { list: transform }, aliases: transformAliases },
  external: {
    json: "external",
    aliases: {
      apiPrefix: "api",
      deliverPrefix: "deliver",
      externalApiPrefix: "api",
      externalDeliverPrefix: "deliver",
      domain: 'api: "$JS.<domain>.API"',
    },
    kind: { object: { api: { json: "api", kind: "text" }, deliver: { json: "deliver", kind: "text" } } },
  },
  consumer: {
    json: "consumer",
    kind: {
      object: { name: { json: "name", kind: "text" }, deliverSubject: { json: "deliver_subject", kind: "text" } },
    },
    level: 4,
    release: "2.14",
  },
};

const sourceAliases: Aliases = {
  externalApiPrefix: "external: { api: … }",
  externalDeliverPrefix: "external: { deliver: … }",
  domain: 'external: { api: "$JS.<domain>.API" }',
  startSeq: "optStartSeq",
  startTime: "optStartTime",
  filter: "filterSubject",
  subjectTransform: "subjectTransforms",
};

/** Every field of a stream that servers 2.11 to 2.15 know. */
export const streamFields = {
  name: { json: "name", kind: "text" },
  description: { json: "description", kind: "text" },
  subjects: { json: "subjects", kind: "texts" },
  retention: { json: "retention", kind: { choices: ["limits", "interest", "workqueue"] }, default: "limits" },
  maxConsumers: { json: "max_consumers", kind: "limit" },
  maxMsgs: { json: "max_msgs", kind: "limit" },
  maxBytes: { json: "max_bytes", kind: "size" },
  maxAge: { json: "max_age", kind: "duration" },
  maxMsgsPerSubject: { json: "max_msgs_per_subject", kind: "limit" },
  maxMsgSize: { json: "max_msg_size", kind: "size", type: "int32" },
  discard: { json: "discard", kind: { choices: ["old", "new"] }, default: "old" },
  discardNewPerSubject: { json: "discard_new_per_subject", kind: "flag" },
  storage: { json: "storage", kind: { choices: ["file", "memory"] }, default: "file" },
  replicas: { json: "num_replicas", kind: "whole", default: 1, range: [1, 5] },
  noAck: { json: "no_ack", kind: "flag" },
  duplicateWindow: { json: "duplicate_window", kind: "duration" },
  placement: {
    json: "placement",
    kind: { object: { cluster: { json: "cluster", kind: "text" }, tags: { json: "tags", kind: "texts" } } },
  },
  mirror: { json: "mirror", kind: { object: source }, needs: "name", aliases: sourceAliases },
  sources: { json: "sources", kind: { list: source }, needs: "name", aliases: sourceAliases },
  compression: { json: "compression", kind: { choices: ["none", "s2"] }, default: "none" },
  firstSeq: { json: "first_seq", kind: "whole", type: "uint64" },
  subjectTransform: { json: "subject_transform", kind: { object: transform }, aliases: transformAliases },
  republish: {
    json: "republish",
    kind: { object: { ...transform, headersOnly: { json: "headers_only", kind: "flag" } } },
    aliases: transformAliases,
  },
  allowDirect: { json: "allow_direct", kind: "flag" },
  mirrorDirect: { json: "mirror_direct", kind: "flag" },
  sealed: { json: "sealed", kind: "flag" },
  denyDelete: { json: "deny_delete", kind: "flag" },
  denyPurge: { json: "deny_purge", kind: "flag" },
  allowRollupHdrs: { json: "allow_rollup_hdrs", kind: "flag" },
  consumerLimits: {
    json: "consumer_limits",
    kind: {
      object: {
        inactiveThreshold: { json: "inactive_threshold", kind: "duration" },
        maxAckPending: { json: "max_ack_pending", kind: "whole" },
      },
    },
  },
  allowMsgTtl: { json: "allow_msg_ttl", kind: "flag", level: 1, release: "2.11" },
  subjectDeleteMarkerTtl: { json: "subject_delete_marker_ttl", kind: "duration", level: 1, release: "2.11" },
  allowMsgCounter: { json: "allow_msg_counter", kind: "flag", level: 2, release: "2.12" },
  allowAtomic: { json: "allow_atomic", kind: "flag", level: 2, release: "2.12" },
  allowMsgSchedules: { json: "allow_msg_schedules", kind: "flag", level: 2, release: "2.12" },
  persistMode: {
    json: "persist_mode",
    kind: { choices: ["default", "async"] },
    default: "default",
    level: 2,
    release: "2.12",
  },
  allowBatched: { json: "allow_batched", kind: "flag", level: 4, release: "2.14" },
  metadata: { json: "metadata", kind: "labels" },
} as const satisfies Fields;

/** What other tools call where a stream or bucket lies, and what it republishes. */
export const placementAliases: Aliases = {
  tag: 'placement: { tags: ["…"] }',
  tags: 'placement: { tags: ["…"] }',
  placementTags: 'placement: { tags: ["…"] }',
  cluster: "placement: { cluster: … }",
  placementCluster: "placement: { cluster: … }",
};
export const republishAliases: Aliases = {
  republishSource: "republish: { src: … }",
  republishDestination: "republish: { dest: … }",
  republishHeaders: "republish: { headersOnly: true }",
  republishHeadersOnly: "republish: { headersOnly: true }",
};

/** What other tools call the same. */
export const streamAliases: Aliases = {
  ...placementAliases,
  ...republishAliases,
  adopt: "adopt",
  onDataLoss: "onDataLoss",
  restoreFrom: "restoreFrom",
  numReplicas: "replicas",
  maxMsgsPer: "maxMsgsPerSubject",
  discardPerSubject: "discardNewPerSubject",
  firstSequence: "firstSeq",
  allowRollup: "allowRollupHdrs",
  allowAtomicPublish: "allowAtomic",
  allowBatch: "allowAtomic",
  allowBatchPublish: "allowBatched",
  allowFast: "allowBatched",
  allowCounter: "allowMsgCounter",
  allowSchedules: "allowMsgSchedules",
  allowMirrorDirect: "mirrorDirect",
  subjectDelMarkersTtl: "subjectDeleteMarkerTtl",
  ack: "noAck (noAck: true is ack: false)",
  dupeWindow: "duplicateWindow",
  duplicates: "duplicateWindow",
  source: "sources",
  subject: "subjects",
  transformSource: "subjectTransform: { src: … }",
  transformDestination: "subjectTransform: { dest: … }",
  limitConsumerInactive: "consumerLimits: { inactiveThreshold: … }",
  limitConsumerMaxPending: "consumerLimits: { maxAckPending: … }",
};
