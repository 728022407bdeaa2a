import assert from "node:assert/strict";
import { parseConf } from "../../provider/conf/parser";
import { joinPath } from "../../provider/conf/path";
import { isConfList, isConfMap } from "../../provider/conf/value";
import type { ConfMap, ConfValue } from "../../provider/conf/value";
import { writeConf } from "../../provider/conf/writer";
import { checkConf } from "../../provider/model/config/checkConf";
import { serverVersions } from "../bed/natsServer";
import { ModelBed } from "./modelBed";
import { modelCorpus } from "./modelCorpus";

describe("keys that a server version does not know", function () {
  this.timeout(180_000);

  for (const version of serverVersions)
    it(`${version} refuses each key that we say is too new for it, and takes all others`, async () => {
      const bed = await ModelBed.open(version);
      try {
        const confs = modelCorpus().map((text) => parseConf(bed.fill(text)).root);
        const tooNew = confs.map((conf) =>
          checkConf(conf, { serverVersion: version })
            .filter((problem) => problem.reason.includes("needs nats-server"))
            .map((problem) => problem.path),
        );
        const known = confs.map((conf, index) => writeConf(without(conf, new Set(tooNew[index]))));
        const taken = await bed.verdicts(known);
        assert.deepEqual(
          taken.filter((verdict) => verdict.refused).map((verdict) => verdict.said),
          [],
        );
        const alone = confs.flatMap((conf, index) =>
          tooNew[index]!.map((path) => ({
            path,
            text: writeConf(without(conf, new Set(tooNew[index]!.filter((each) => each !== path)))),
          })),
        );
        const refused = await bed.verdicts(alone.map(({ text }) => text));
        assert.deepEqual(
          alone.filter((_, index) => !refused[index]!.refused).map(({ path }) => path),
          [],
        );
        assert.equal(alone.length > 0, version !== serverVersions[0]);
      } finally {
        bed.close();
      }
    });
});

function without(conf: ConfMap, paths: ReadonlySet<string>): ConfMap {
  const visit = (value: ConfValue, at: string): ConfValue => {
    if (isConfList(value)) return value.map((member, index) => visit(member, joinPath(at, index)));
    return isConfMap(value) ? visitMap(value, at) : value;
  };
  const visitMap = (map: ConfMap, at: string): ConfMap =>
    new Map(
      [...map]
        .filter(([key]) => !paths.has(joinPath(at, key)))
        .map(([key, value]) => [key, visit(value, joinPath(at, key))]),
    );
  return visitMap(conf, "");
}
