import { isConfList, isConfMap } from "../../provider/conf/value";
import type { ConfMap, ConfValue } from "../../provider/conf/value";
import { factFor, keyTree } from "../../provider/model/facts";
import { joinPath } from "../../provider/conf/path";

/** Random numbers that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The configuration with one key, type or value changed at random, and what was done. */
export function mutate(conf: ConfMap, random: () => number): { conf: ConfMap; what: string } {
  const places = allPlaces(conf, "");
  const [path, isKey] = pick(places, random);
  let what = "";
  const change = (value: ConfValue, at: string): ConfValue => {
    if (at === path) {
      const changed = changeValue(value, at, random);
      what = `${at} = ${isConfMap(changed) || isConfList(changed) || typeof changed === "object" ? "block" : changed}`;
      return changed;
    }
    if (isConfList(value)) return value.map((member, index) => change(member, joinPath(at, index)));
    return isConfMap(value) ? changeMap(value, at) : value;
  };
  const changeMap = (map: ConfMap, at: string): ConfMap => {
    const result = new Map<string, ConfValue>();
    for (const [key, value] of map) {
      const where = joinPath(at, key);
      const kind = where === path && isKey ? random() : 1;
      if (kind < 0.12) {
        what = `without ${where}`;
        continue;
      }
      if (kind < 0.3) {
        const name = pick(
          [`${key}x`, key.slice(0, -1) || "q", key.toUpperCase(), "bogus", aliasOf(where) ?? "bogus2"],
          random,
        );
        what = `${where} renamed ${name}`;
        result.set(name, value);
        continue;
      }
      if (kind < 0.36) {
        what = `bogus beside ${where}`;
        result.set(key, value).set("bogus", 1n);
        continue;
      }
      result.set(key, change(value, where));
    }
    return result;
  };
  const changed = changeMap(conf, "");
  return { conf: changed, what: what || `nothing at ${path}` };
}

function allPlaces(value: ConfValue, path: string): [string, boolean][] {
  if (isConfList(value))
    return value.flatMap((member, index): [string, boolean][] => {
      const where = joinPath(path, index);
      return [[where, false], ...allPlaces(member, where)];
    });
  if (!isConfMap(value)) return [];
  return [...value].flatMap(([key, member]): [string, boolean][] => {
    const where = joinPath(path, key);
    return [[where, true], ...allPlaces(member, where)];
  });
}

function changeValue(value: ConfValue, path: string, random: () => number): ConfValue {
  const fact = factFor(path);
  const types: ConfValue[] = [
    true,
    false,
    1n,
    0n,
    -1n,
    7n,
    1.5,
    100n,
    70_000n,
    3_000_000_000n,
    new Map(),
    [],
    ["a"],
    [1n],
    new Map([["a", 1n]]),
  ];
  // Another file name is another question than this one.
  if (fact?.file || fact?.type === "path") return pick(types, random);
  if (random() < 0.45) return pick(types, random);
  if (typeof value === "string")
    return pick([...texts, `${value}x`, value.toUpperCase(), ` ${value}`, value.slice(0, -1)], random);
  if (typeof value === "bigint")
    return pick(
      [0n, -value, value * 1000n, 255n, 256n, 65_536n, 2n ** 31n, 4n, 3n, String(value), Number(value) + 0.5],
      random,
    );
  if (isConfList(value))
    return pick<ConfValue>([[...value, ...value], [...value, 1n], value.slice(1), "text", [...value, "text"]], random);
  return pick(types, random);
}

const texts = [
  "",
  "a b",
  "a..b",
  ">",
  "*",
  "a.>",
  "a.*",
  "foo.>.b",
  "x",
  "5",
  "30s",
  "1m",
  "2h",
  "-1s",
  "100ms",
  "5 s",
  "1d",
  "10GB",
  "10G",
  "-5M",
  "50%",
  "101%",
  "true",
  "auto",
  "off",
  "s2_auto",
  "MEMORY",
  "URL(http://x)",
  "full",
  "127.0.0.1:4222",
  "localhost",
  ":4222",
  "host:port",
  "[::1]:80",
  "nats://a b:4222",
  "nats://u:p@h:99",
  "nats://h:x",
  "127.0.0.1:x",
  "http://[::1",
  "nats://u%zz@h",
  "wss://h",
  "ab",
  "ABCDEF",
  "2.9.0",
  "v2.8.1-beta",
  "2.7",
  "1.2",
  "1.1",
  "close",
  "AES",
  "system",
  "$G",
  "A",
  "B",
  "svc.*",
  "$1",
  "b.$2",
  "{{wildcard(1)}}",
  "{{partition(3,1)}}",
  "{{bogus(1)}}",
];

function aliasOf(path: string): string | undefined {
  const fact = factFor(path);
  return fact?.aliases?.[0] ?? (keyTree().members.has(path) ? path.toUpperCase() : undefined);
}

function pick<Choice>(choices: readonly Choice[], random: () => number): Choice {
  return choices[Math.floor(random() * choices.length)]!;
}
