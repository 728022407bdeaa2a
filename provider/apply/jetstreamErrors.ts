import { NatsError } from "../errors";

/** What JetStream answered instead of doing it. */
export class JetStreamError extends NatsError {
  /** HTTP-like class: 400, 404, 503 … */
  readonly status: number;
  /** JetStream's own number: 10059 … */
  readonly code: number;
  readonly description: string;
  constructor(what: string, error: ApiError) {
    const { code: status, err_code: code = 0, description = "no reason given" } = error;
    // The server's parser gives the same number to what it can't read.
    const help = /cannot unmarshal/.test(description) ? undefined : advice[code];
    super(`${what}: ${description} (${code || status})${help ? `. ${help}` : ""}`);
    this.status = status;
    this.code = code;
    this.description = description;
  }
}

export interface ApiError {
  readonly code: number;
  readonly err_code?: number;
  readonly description?: string;
}

export const errorCodes = {
  clusterIncomplete: 10004,
  noPeers: 10005,
  notAssigned: 10007,
  notAvailable: 10008,
  notLeader: 10009,
  consumerNotFound: 10014,
  noResources: 10023,
  noMessage: 10037,
  notEnabledForAccount: 10039,
  noStore: 10049,
  messageTooLarge: 10054,
  sequenceNotFound: 10043,
  noSuchPeer: 10044,
  deleteFailed: 10057,
  streamExists: 10058,
  streamNotFound: 10059,
  subjectOverlap: 10065,
  peerRemap: 10075,
  offline: 10118,
  moveInProgress: 10124,
  reconfigureInProgress: 10226,
} as const;

const passing: readonly number[] = [
  errorCodes.clusterIncomplete,
  errorCodes.notAssigned,
  errorCodes.notAvailable,
  errorCodes.notLeader,
  errorCodes.noResources,
  errorCodes.peerRemap,
];

/** A server that is about to do better: asking again is safe. */
export function isPassing(error: unknown): boolean {
  return error instanceof JetStreamError && passing.includes(error.code);
}

/**
 * Milliseconds for which a refusal may be over in a moment, though it may be so for good too: a server loads accounts when somebody
 * needs them, and enables JetStream after that; a new leader takes servers for offline that it has not heard of yet.
 */
export function graceOf(error: unknown): number {
  if (!(error instanceof JetStreamError)) return 0;
  if (error.code === errorCodes.notEnabledForAccount) return 2500;
  return error.code === errorCodes.noPeers && /peer offline/.test(error.description) ? 5000 : 0;
}

/**
 * A message that was to be deleted is not there any more. Of one before the stream's first, a store of files says so in words alone, under
 * the number of whatever fails, such as a deletion that the stream does not permit.
 */
export function isMessageGone(error: unknown): boolean {
  if (!(error instanceof JetStreamError)) return false;
  const isBefore = error.code === errorCodes.deleteFailed && error.description === "no message found";
  return isBefore || error.code === errorCodes.sequenceNotFound;
}

export function isNotFound(error: unknown): boolean {
  return (
    error instanceof JetStreamError &&
    (error.code === errorCodes.streamNotFound || error.code === errorCodes.consumerNotFound)
  );
}

/** The fix, by number. */
const advice: Readonly<Record<number, string>> = {
  10002:
    "The account's JetStream limits are used up. Fix: raise them (jetstream limits of the account), or lower maxBytes or replicas",
  10005:
    "Fix: placement.tags and placement.cluster must name as many servers as there are replicas; `nats server list` shows their tags",
  10008:
    "JetStream has no leader at the moment. Fix: see that a majority of the servers is up (`nats server report jetstream`)",
  10012: "The server can't change that of a consumer that exists. Fix: pulumi refresh, then pulumi up",
  10013: "Somebody listens on the consumer's subject. Fix: stop that subscriber, then run it again",
  10023: "Fix: free or add storage on the servers, or lower maxBytes or replicas",
  10025: "The server does not know a field. Fix: leave it out, or upgrade the servers",
  10026: "Fix: raise maxConsumers of the stream, or of the account",
  10027: "Fix: raise the number of streams of the account (jetstream.streams)",
  10028: "The account or the server has no such memory left. Fix: lower maxBytes or replicas, or raise the limit",
  10039: "Fix: give the account JetStream (`jetstream: true` or limits in the account)",
  10047: "The account or the server has no such storage left. Fix: lower maxBytes or replicas, or raise the limit",
  10054: "Headers count too. Fix: raise maxValueSize or maxMsgSize, or store less",
  10058: "Fix: `adopt: true` takes the existing stream over; another name makes a new one",
  10059:
    "Fix: make the stream first; in a program, `stream: orders.name` puts it in order. Where it was deleted outside, or by a `pulumi` that was killed: pulumi refresh, then pulumi up",
  10062:
    "Fix: see what the server says of it; where a consumer of the backup has more replicas than the stream here, give the stream as many",
  10064:
    'A stream in memory has no snapshot before nats-server 2.15. Fix: see what the server says of it (`nats stream info`), or onDataLoss: "allow" where no backup is wanted any more',
  10065: "Fix: no two streams of an account may store the same subject: narrow the subjects of one of them",
  10077: "The bucket or stream is full. Fix: raise maxBytes, or delete something",
  10074: "A server without a cluster keeps one replica. Fix: replicas: 1",
  10076: "Fix: enable JetStream in the server's configuration (`jetstream {}`)",
  10113: 'The account requires maxBytes. Fix: maxBytes: "1GiB"',
  10099: "Consumers of a work queue share nothing. Fix: give each filters of its own",
  10100: "Consumers of a work queue share nothing. Fix: filters that do not overlap with those of another consumer",
  10118: "Fix: bring the servers back that hold the stream",
  10120: "The account has no limits for that number of replicas. Fix: add the tier to the account, or change replicas",
  10122: "Fix: lower maxBytes, or raise the account's maximum for one stream",
  10123: "Fix: change replicas first, then placement",
  10124: "A move is under way. Fix: wait until it is done (`nats stream info`), then run it again",
  10148: "Fix: `adopt: true` takes the existing consumer over; another name makes a new one",
  10149: "Fix: pulumi refresh, then pulumi up",
  10185: "Fix: upgrade the servers",
  10226: "A change of the stream's servers is under way. Fix: wait until it is done, then run it again",
};
