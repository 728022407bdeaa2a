import type { Field, Fields } from "../jsonFields";
import { permissionFields } from "./permissionFields";

const storage = (json: string): Field => ({ json, kind: "sizeQuota", default: 0 });

/** JetStream's limits, by the claims' names. */
const jetStreamLimitFields: Fields = {
  jsMemStorage: storage("mem_storage"),
  jsDiskStorage: storage("disk_storage"),
  jsStreams: { json: "streams", kind: "quota" },
  jsConsumer: { json: "consumer", kind: "quota" },
  jsMaxAckPending: { json: "max_ack_pending", kind: "quota" },
  jsMaxMemStream: { json: "mem_max_stream_bytes", kind: "sizeQuota" },
  jsMaxDiskStream: { json: "disk_max_stream_bytes", kind: "sizeQuota" },
  jsMaxBytesRequired: { json: "max_bytes_required", kind: "flag" },
};

const exportFields: Fields = {
  subject: { json: "subject", kind: "text" },
  service: { json: "type", kind: { words: { off: "stream", on: "service" } } },
  name: { json: "name", kind: "text" },
  private: { json: "token_req", kind: "flag" },
  responseType: { json: "response_type", kind: { choices: ["Singleton", "Stream", "Chunked"] } },
  responseThreshold: { json: "response_threshold", kind: "duration" },
  accountTokenPosition: { json: "account_token_position", kind: "whole" },
  latency: { json: "service_latency.results", kind: "text" },
  sampling: { json: "service_latency.sampling", kind: "whole", range: [1, 100], default: 100 },
  allowTrace: { json: "allow_trace", kind: "flag" },
  advertise: { json: "advertise", kind: "flag" },
  description: { json: "description", kind: "text" },
  infoUrl: { json: "info_url", kind: "text" },
};

const importFields: Fields = {
  srcAccount: { json: "account", kind: "text" },
  remoteSubject: { json: "subject", kind: "text" },
  localSubject: { json: "local_subject", kind: "text" },
  service: { json: "type", kind: { words: { off: "stream", on: "service" } } },
  name: { json: "name", kind: "text" },
  token: { json: "token", kind: "text" },
  share: { json: "share", kind: "flag" },
  allowTrace: { json: "allow_trace", kind: "flag" },
};

const inLimits = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, { ...field, json: `limits.${field.json}` }]));

const tier: Field["kind"] = { object: jetStreamLimitFields };

/** What an account's claims are made of, by their place in the claims; mappings, keys and revocations beside it. */
export const accountFields: Fields = {
  description: { json: "description", kind: "text" },
  infoUrl: { json: "info_url", kind: "text" },
  tag: { json: "tags", kind: "texts" },
  ...inLimits({
    subscriptions: { json: "subs", kind: "quota" },
    data: { json: "data", kind: "sizeQuota" },
    payload: { json: "payload", kind: "sizeQuota" },
    maxImports: { json: "imports", kind: "quota" },
    maxExports: { json: "exports", kind: "quota" },
    wildcardExports: { json: "wildcards", kind: "flag", default: true },
    disallowBearer: { json: "disallow_bearer", kind: "flag" },
    conns: { json: "conn", kind: "quota" },
    leafConns: { json: "leaf", kind: "quota" },
    ...jetStreamLimitFields,
  }),
  jsTier: {
    json: "limits.tiered_limits",
    kind: {
      object: Object.fromEntries(["R1", "R2", "R3", "R4", "R5"].map((name) => [name, { json: name, kind: tier }])),
    },
  },
  exports: { json: "exports", kind: { list: exportFields } },
  imports: { json: "imports", kind: { list: importFields } },
  defaultPermissions: { json: "default_permissions", kind: { object: permissionFields } },
  traceContextSubject: { json: "trace.dest", kind: "text" },
  traceContextSampling: { json: "trace.sampling", kind: "whole", range: [1, 100], default: 100 },
  clusterTraffic: { json: "cluster_traffic", kind: { choices: ["system", "owner"] } },
  authCallout: {
    json: "authorization",
    kind: {
      object: {
        authUser: { json: "auth_users", kind: "texts" },
        allowedAccount: { json: "allowed_accounts", kind: "texts" },
        curve: { json: "xkey", kind: "text" },
      },
    },
  },
};
