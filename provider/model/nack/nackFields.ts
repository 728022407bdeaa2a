import type { Field, FieldKind, Fields } from "../jsonFields";

/**
 * What nack's controller 0.22 reads of its objects, by their kinds. The schemas in Kubernetes and the objects that a program
 * describes both come from here. Durations are texts as Go writes them.
 */
type Shape = Readonly<Record<string, FieldKind | Omit<Field, "json">>>;

/** The names are the same on both sides, and what is written is written: a default may be another one than the server's. */
function fields(shape: Shape): Fields {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => {
      const full = typeof field === "object" && "kind" in field ? field : { kind: field };
      return [name, { json: name, default: null, ...full }];
    }),
  );
}

const transform = fields({ source: "text", dest: "text" });
const placement: FieldKind = { object: fields({ cluster: "text", tags: "texts" }) };
const republish: FieldKind = {
  object: {
    ...fields({ source: "text", destination: "text" }),
    headersOnly: { json: "headers_only", kind: "flag", default: null },
  },
};
const source = fields({
  name: "text",
  optStartSeq: "whole",
  optStartTime: "time",
  filterSubject: "text",
  externalApiPrefix: "text",
  externalDeliverPrefix: "text",
  subjectTransforms: { list: transform },
});
/** As whom the controller speaks for an object, and what it keeps its hands off. Paths are those in the controller's pod. */
const commonFields = fields({
  account: "text",
  creds: "text",
  nkey: "text",
  servers: "texts",
  tls: { object: fields({ clientCert: "text", clientKey: "text", rootCas: "texts" }) },
  tlsFirst: "flag",
  jsDomain: "text",
  preventDelete: "flag",
  preventUpdate: "flag",
});

export const streamFields: Fields = {
  ...fields({
    name: "text",
    description: "text",
    subjects: "texts",
    retention: { choices: ["limits", "interest", "workqueue"] },
    maxConsumers: "limit",
    maxMsgs: "limit",
    maxBytes: "size",
    maxAge: "duration",
    maxMsgsPerSubject: "limit",
    maxMsgSize: { kind: "size", type: "int32" },
    discard: { choices: ["old", "new"] },
    discardPerSubject: "flag",
    storage: { choices: ["file", "memory"] },
    replicas: { kind: "whole", range: [1, 5] },
    noAck: "flag",
    duplicateWindow: "duration",
    placement,
    mirror: { object: source },
    sources: { list: source },
    compression: { choices: ["none", "s2"] },
    firstSequence: { kind: "whole", type: "uint64" },
    subjectTransform: { object: transform },
    republish,
    allowDirect: "flag",
    mirrorDirect: "flag",
    sealed: "flag",
    denyDelete: "flag",
    denyPurge: "flag",
    allowRollup: "flag",
    consumerLimits: { object: fields({ inactiveThreshold: "duration", maxAckPending: "whole" }) },
    allowMsgTtl: "flag",
    subjectDeleteMarkerTtl: "duration",
    allowMsgCounter: "flag",
    allowAtomicPublish: "flag",
    allowMsgSchedules: "flag",
    persistMode: { choices: ["default", "async"] },
    metadata: "labels",
  }),
  ...commonFields,
};

export const consumerFields: Fields = {
  ...fields({
    streamName: "text",
    durableName: "text",
    description: "text",
    deliverPolicy: { choices: ["all", "last", "new", "lastPerSubject", "byStartSequence", "byStartTime"] },
    optStartSeq: "whole",
    optStartTime: "time",
    ackPolicy: { choices: ["explicit", "all", "none"] },
    ackWait: "duration",
    maxDeliver: "limit",
    backoff: "durations",
    filterSubject: "text",
    filterSubjects: "texts",
    replayPolicy: { choices: ["instant", "original"] },
    sampleFreq: "text",
    maxWaiting: "whole",
    maxAckPending: "whole",
    maxRequestBatch: "whole",
    maxRequestExpires: "duration",
    maxRequestMaxBytes: "size",
    inactiveThreshold: "duration",
    deliverSubject: "text",
    deliverGroup: "text",
    flowControl: "flag",
    heartbeatInterval: "duration",
    rateLimitBps: "whole",
    headersOnly: "flag",
    replicas: { kind: "whole", range: [0, 5] },
    memStorage: "flag",
    pauseUntil: "time",
    priorityPolicy: { choices: ["none", "overflow", "pinned_client", "prioritized"] },
    priorityGroups: "texts",
    pinnedTtl: "duration",
    metadata: "labels",
  }),
  ...commonFields,
};

const bucket = fields({
  bucket: "text",
  description: "text",
  ttl: "duration",
  maxBytes: "size",
  storage: { choices: ["file", "memory"] },
  replicas: { kind: "whole", range: [1, 5] },
  placement,
  compression: "flag",
});

export const keyValueFields: Fields = {
  ...bucket,
  ...fields({
    history: "whole",
    maxValueSize: "size",
    limitMarkerTtl: "whole",
    republish,
    mirror: { object: source },
    sources: { list: source },
  }),
  ...commonFields,
};

export const objectStoreFields: Fields = { ...bucket, ...fields({ metadata: "labels" }), ...commonFields };

const secret: FieldKind = { object: fields({ name: "text" }) };

/** How the controller connects for the objects that name this account; what is secret stands in Secrets of its namespace. */
export const accountFields: Fields = fields({
  servers: "texts",
  creds: { object: fields({ secret, file: "text" }) },
  nkey: { object: fields({ secret, seed: "text" }) },
  token: { object: fields({ secret, token: "text" }) },
  user: { object: fields({ secret, user: "text", password: "text" }) },
  tls: { object: fields({ secret, ca: "text", cert: "text", key: "text" }) },
});
