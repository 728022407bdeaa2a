import assert from "node:assert/strict";
import { homedir } from "node:os";
import { filesUnder, root, textOf } from "./sources";

const isText = (file: string): boolean => !/\.(tgz|png|jpg|ico|sum)$/.test(file);
const files = ["components", "provider", "examples", "test"]
  .flatMap((folder) => filesUnder(folder, isText))
  .concat([
    "README.md",
    "CHANGELOG.md",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "Pulumi.yaml",
    ".oxlintrc.json",
  ]);

/** Lines of files that have the pattern, as "file:line: match". */
function found(pattern: RegExp, among = files): string[] {
  return among.flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, index) => [...line.matchAll(pattern)].map(([match]) => `${file}:${index + 1}: ${match}`)),
  );
}

describe("what the repository names", () => {
  it("is no place of one machine", () => {
    const own = [root, homedir()]
      .filter((place) => place.length > 5)
      .map((place) => place.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    assert.deepEqual(
      found(new RegExp([...own, "/home/(?!nats\\b|user\\b|ops\\b)\\w+/", "/Users/\\w+/"].join("|"), "g")),
      [],
    );
  });

  it("is no host but public ones of the tools it uses, examples, and the loopback", () => {
    const known =
      /^(127\.0\.0\.1|localhost|\[::1\]|10\.[\d.]+|github\.com|api\.github\.com|objects\.githubusercontent\.com|go\.dev|nodejs\.org|(www\.|get\.)?pulumi\.com|(docs\.)?nats\.io|www\.apache\.org|kubernetes\.default\.svc|keepachangelog\.com|semver\.org|datatracker\.ietf\.org|[\w.-]*\.?example(\.com|\.org)?|[\w-]+\.nats(\.[\w.-]+)?|[\w-]+|[a-z](\.[a-z])+)$/;
    const hosts = found(
      /\bhttps?:\/\/(\[[\w:.]*\]|[\w.-]+\w)/g,
      files.filter((file) => file !== "package-lock.json"),
    ).filter((line) => !known.test(line.replace(/^.*?https?:\/\//, "")));
    assert.deepEqual(hosts, []);
  });

  it("is no registry that a package was fetched from", () => {
    assert.deepEqual(found(/"resolved":\s*"(?!file:)[^"]*"/g, ["package-lock.json"]), []);
    assert.match(textOf(".npmrc"), /^omit-lockfile-registry-resolved=true$/m);
  });
});
