import { appears, at, disappears, goesDown, goesUp, isSetOnBothSides, jetStreamRuns } from "./configRule";
import type { ConfigRule, RuleContext } from "./configRule";
import type { ConfDifference } from "./diffConf";

const sizes = ["jetstream.max_memory_store", "jetstream.max_file_store"];
const ran = (context: RuleContext): boolean => jetStreamRuns(context.from);
const runs = (context: RuleContext): boolean => jetStreamRuns(context.to);
const wasOff = (_change: ConfDifference, context: RuleContext): boolean => !ran(context);
const goesOff = (change: ConfDifference, context: RuleContext): boolean => disappears(change) && !runs(context);

export const jetStreamRules: readonly ConfigRule[] = [
  { path: "jetstream", when: appears, impact: "hot-reload", why: "a reload starts JetStream" },
  {
    path: ["jetstream", "jetstream.enabled"],
    when: (_change, context) => ran(context) && !runs(context),
    impact: "hot-reload",
    why: "a reload stops JetStream: streams in memory are lost, those on disk come back with it, and in a cluster the server still counts for the meta group's quorum",
    hazards: ["losesMemoryStreams"],
  },
  { path: ["jetstream", "jetstream.enabled"], impact: "hot-reload", why: "a reload starts JetStream" },
  {
    path: [...sizes, "jetstream.store_dir"],
    when: wasOff,
    impact: "hot-reload",
    why: "JetStream takes it when it starts",
  },
  {
    path: sizes,
    since: "2.12.7",
    when: goesUp,
    impact: "hot-reload",
    why: "JetStream's limits go up by reload; grow the volume before",
  },
  {
    path: sizes,
    when: goesUp,
    impact: "rolling-restart",
    why: "servers before 2.12.7 refuse a reload that changes JetStream's limits",
  },
  {
    path: sizes,
    when: goesDown,
    impact: "rolling-restart",
    why: "JetStream's limits do not go down by reload, and nothing stops them from going below what is used: compare with jsz first",
  },
  { path: [...sizes, "jetstream.store_dir"], when: goesOff, impact: "hot-reload", why: "it goes with JetStream" },
  {
    path: sizes,
    impact: "rolling-restart",
    why: "a reload does not move JetStream's limits between what the server chooses and what is set",
  },
  {
    path: ["jetstream.store_dir", "store_dir"],
    impact: "new-identity",
    why: "JetStream starts with an empty store there: the server's replicas must be drained, or its files copied while it is down",
  },
  {
    path: "jetstream.domain",
    when: (_change, context) => ran(context) && runs(context),
    impact: "new-identity",
    why: "JetStream's API moves to other subjects, for clients and leaf nodes: everything that names the domain changes with it",
  },
  {
    path: "jetstream.domain",
    impact: "rolling-restart",
    why: "a reload does not start or stop JetStream under a domain",
  },
  {
    path: ["jetstream.key", "jetstream.prev_key"],
    impact: "rolling-restart",
    why: "a reload refuses it, and prints the keys in the server's log; rotate with prev_key and a restart",
    hazards: ["leaks"],
  },
  {
    path: ["jetstream.tpm", "jetstream.tpm.*"],
    when: (_change, { from, to }) =>
      [from, to].some((conf) => at(conf, "jetstream.tpm.encryption_password") !== undefined),
    impact: "rolling-restart",
    why: "a reload refuses it, and prints the passwords in the server's log",
    hazards: ["leaks"],
    whole: true,
  },
  {
    path: "jetstream.max_concurrent_io",
    when: (_change, context) => !runs(context),
    impact: "hot-reload",
    why: "it goes with JetStream",
  },
  {
    path: ["jetstream.limits", "jetstream.limits.*"],
    before: "2.15.0",
    impact: "rolling-restart",
    why: "servers before 2.15 refuse a reload that changes jetstream.limits",
  },
  {
    path: ["jetstream.limits", "jetstream.limits.*"],
    impact: "hot-reload",
    why: "holds for streams and consumers that are made or changed from now on",
  },
  // In 2.11 strict is off by default, from 2.12 on.
  {
    path: "jetstream.strict",
    before: "2.12.0",
    when: (change) => !isSetOnBothSides(change) && (change.from ?? change.to) === false,
    impact: "none",
    why: "it is off by default",
  },
  {
    path: "jetstream.strict",
    since: "2.12.0",
    when: (change) => !isSetOnBothSides(change) && (change.from ?? change.to) === true,
    impact: "none",
    why: "it is on by default",
  },
];
