/** `npm run bench:conf`: what reading a long nats.conf, and telling what a change of it costs, takes beside JSON.parse of the same values. */
import { configDigest } from "../../provider/conf/digest";
import { parseConf } from "../../provider/conf/parser";
import { settingsOf } from "../../provider/conf/parsed";
import { explainConfig } from "../../provider/plan/explainConfig";
import { aligned } from "./table";

const rounds = 30;

const [old, changed] = [textOf("10G"), textOf("20G")];
const json = JSON.stringify(settingsOf(parseConf(old)), (_key, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : typeof value === "bigint" ? Number(value) : value,
);
const base = median(() => JSON.parse(json));
const rows = Object.entries({
  "JSON.parse": base,
  parse: median(() => parseConf(old)),
  "parse and digest": median(() => configDigest(parseConf(old))),
  "parse both, compare, classify": median(() =>
    explainConfig(settingsOf(parseConf(old)), settingsOf(parseConf(changed))),
  ),
}).map(([what, time]) => [what, `${time.toFixed(1)} ms`, `${(time / base).toFixed(1)}×`]);
console.log(aligned([[`${old.split("\n").length} lines`, "median", "ratio"], ...rows]).join("\n"));

function textOf(limit: string): string {
  const account = (n: number): string => `  "acc.${n}" {
    users: [
      { user: "u${n}", password: "$2a$11$abcdefghijklm", permissions: { publish: ["a.${n}.>", "b.*"] } }
    ]
    jetstream { max_mem: 1GB, max_file: ${n === 0 ? limit : "10G"} } # comment
  }`;
  return `accounts {\n${Array.from({ length: 834 }, (_, n) => account(n)).join("\n")}\n}\n`;
}

function median(work: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((one, two) => one - two)[rounds / 2]!;
}
