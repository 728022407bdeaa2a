import assert from "node:assert/strict";
import { configDigest } from "../../provider/conf/digest";
import { settingsOf } from "../../provider/conf/parsed";
import { parseConf } from "../../provider/conf/parser";
import { factFor } from "../../provider/model/facts";
import { explainConfig } from "../../provider/plan/explainConfig";
import type { ConfigChange, Hazard } from "../../provider/plan/impact";
import { freePorts } from "../bed/freePorts";
import { serverVersions } from "../bed/natsServer";
import { makeFixtures } from "./reloadBed/fixtures";
import type { Fixtures } from "./reloadBed/fixtures";
import { runChanges } from "./reloadBed/runChanges";
import type { Step } from "./reloadBed/runChanges";
import { reloadChanges } from "./reloadChanges";
import { lineOf, secretMark } from "./reloadChanges/change";
import type { Line, ReloadChange } from "./reloadChanges/change";
import { factChanges } from "./reloadChanges/fromFacts";

const groups: Readonly<Record<string, readonly ReloadChange[]>> = { ...reloadChanges, ...factChanges() };
const lines: readonly Line[] = ["2.11", "2.12", "2.14", "2.15"];
const beginning = ({ mode, from }: ReloadChange) => `${mode} ${from}`;
const knows = (line: Line, change: ReloadChange) => lines.indexOf(line) >= lines.indexOf(change.since ?? "2.11");

describe("what a change of nats.conf costs, on real servers", function () {
  this.timeout(600_000);
  const results = new Map<string, Promise<readonly Step[]>>();
  let fixtures: Fixtures;
  let all: Promise<unknown>;

  before(async () => {
    fixtures = await makeFixtures();
    all = Promise.all(serverVersions.map((version) => drive(version)));
    // A failure of the bed itself shows in the changes that wait for it, and again in after().
    all.catch(() => undefined);
  });

  after(async () => {
    await all;
    fixtures.remove();
  });

  async function drive(version: string): Promise<void> {
    const known = Object.values(groups).flatMap((changes) =>
      changes.filter((change) => knows(lineOf(version), change)),
    );
    const settle = new Map<string, (outcome: readonly Step[] | Error) => void>();
    for (const change of known) {
      const result = new Promise<readonly Step[]>((resolve, reject) => {
        settle.set(change.name, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      });
      result.catch(() => undefined);
      results.set(`${version} ${change.name}`, result);
    }
    const [p1, p2, p3, p4] = (await freePorts(4)).map(String) as [string, string, string, string];
    // Those that begin alike follow each other, on one server.
    const beginnings = [...new Set(known.map(beginning))];
    const place = new Map(beginnings.map((text, index) => [text, index]));
    const sorted = known.toSorted((one, other) => place.get(beginning(one))! - place.get(beginning(other))!);
    await runChanges(sorted, version, fixtures, { p1, p2, p3, p4 }, (change, outcome) =>
      settle.get(change.name)!(outcome),
    );
  }

  it("covers at least 150 changes, each with a name of its own", () => {
    const names = Object.values(groups).flatMap((changes) => changes.map((change) => change.name));
    assert.equal(new Set(names).size, names.length);
    assert.ok(Object.values(reloadChanges).flat().length >= 150);
  });

  for (const version of serverVersions) {
    describe(version, () => {
      for (const [group, changes] of Object.entries(groups)) {
        describe(group, () => {
          for (const change of changes.filter((one) => knows(lineOf(version), one))) {
            it(change.name, async () => {
              for (const step of await results.get(`${version} ${change.name}`)!) assertPredicted(step, version);
            });
          }
        });
      }
    });
  }
});

function assertPredicted(step: Step, version: string): void {
  const read = (text: string) => parseConf(text, { serverVersion: version });
  const settings = (text: string) => settingsOf(read(text), (path) => factFor(path) !== undefined);
  const explained = explainConfig(settings(step.from), settings(step.to), { serverVersion: version });
  const predicted = effectOf(explained.changes);
  const { outcome } = step;
  const evidence = `${step.name}: predicted ${JSON.stringify(explained.changes, undefined, 1)}\nserver: ${outcome.reason}\n${outcome.log}`;
  assert.equal(outcome.effect, predicted, evidence);
  assert.equal(outcome.digest, configDigest(read(outcome.effect === "accepted" ? step.to : step.from)), step.name);
  if (outcome.effect === "refused")
    assert.match(outcome.reason, /reload (not supported|does not support)|dedicated routes/, evidence);
  const leaked = (outcome.log + outcome.reason).replaceAll("hush-sys", "").includes(secretMark);
  const leakPredicted = hazardsOf(explained.changes).has("leaks");
  assert.equal(leaked, leakPredicted, evidence);
  assert.ok(!JSON.stringify(explained).includes(secretMark), `a secret is shown: ${JSON.stringify(explained)}`);
}

/** A reload takes all or nothing; what it takes without meaning it, it still takes. */
function effectOf(changes: readonly ConfigChange[]): Step["outcome"]["effect"] {
  const refused = changes.filter((change) => !isAccepted(change));
  if (refused.length === 0) return "accepted";
  return refused.some((change) => change.hazards?.includes("crashes")) ? "crashed" : "refused";
}

function isAccepted(change: ConfigChange): boolean {
  if (change.hazards?.some((hazard) => hazard === "acceptedWithoutEffect" || hazard === "splitsCluster")) return true;
  return change.impact === "hot-reload" || change.impact === "ordered-reload";
}

function hazardsOf(changes: readonly ConfigChange[]): Set<Hazard> {
  return new Set(changes.flatMap((change) => change.hazards ?? []));
}
