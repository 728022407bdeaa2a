import assert from "node:assert/strict";
import { configDigest, digestOf } from "../../provider/conf/digest";
import { parseConf } from "../../provider/conf/parser";
import { writeConf } from "../../provider/conf/writer";
import { isError } from "../../provider/errors";
import { parserProblems } from "../../provider/model/config/checkConf";
import { convertConfig } from "../../provider/model/config/convertConfig";
import { expandConfig } from "../../provider/model/config/expandConfig";
import { printConfigSource } from "../../provider/model/config/printConfigSource";
import { ModelBed } from "./modelBed";
import { modelCorpus } from "./modelCorpus";
import { mutate, randomFrom } from "./modelMutations";
import { randomConfig } from "./randomConfig";

const runs = Number(process.env["MODEL_RUNS"] ?? 500);

describe("typed configurations on nats-server", function () {
  this.timeout(300_000);
  let bed: ModelBed;
  const seed = Number(process.env["MODEL_SEED"] ?? 15);
  before(async () => (bed = await ModelBed.open()));
  after(() => bed.close());

  it(`${runs} random ones are taken by -t, with the digest that we foretell`, async () => {
    const random = randomFrom(seed);
    const configs = Array.from({ length: runs }, () =>
      randomConfig(random, bed.fill("{dir}"), bed.fill("{cert}"), bed.fill("{key}")),
    );
    const expanded = configs.map(expandConfig);
    assert.deepEqual(
      expanded.flatMap(({ problems }) => problems),
      [],
      `seed ${seed}`,
    );
    const texts = expanded.map(({ conf }) => writeConf(conf));
    const verdicts = await bed.verdicts(texts);
    const wrong = texts.flatMap((text, index) => {
      const digest = /sha256:[0-9a-f]+/.exec(verdicts[index]!.said)?.[0];
      const ours = parserProblems(expanded[index]!.conf).filter(isError);
      const same = digest === digestOf(expanded[index]!.conf);
      return !verdicts[index]!.refused && same && ours.length === 0
        ? []
        : [{ text, said: verdicts[index]!.said.slice(0, 400), ours }];
    });
    assert.deepEqual(wrong.slice(0, 3), [], `seed ${seed}: ${wrong.length} of ${runs}`);
  });

  it(`${runs} accepted files come back from their typed configuration, printed and read again, with the same digest`, () => {
    const random = randomFrom(seed + 1);
    const corpus = modelCorpus().map((text) => parseConf(bed.fill(text)).root);
    const wrong: unknown[] = [];
    let kept = 0;
    for (let run = 0; run < runs; run++) {
      const changed = mutate(corpus[Math.floor(random() * corpus.length)]!, random);
      const parsed = parseConf(writeConf(changed.conf));
      const { config } = convertConfig(parsed.root);
      const source = printConfigSource(config);
      const read = (0, eval)(`(${source})`) as Record<string, unknown>;
      const again = expandConfig(read);
      if (source.includes("verbatim")) kept++;
      if (again.problems.length > 0 || digestOf(again.conf) !== configDigest(parsed))
        wrong.push({ what: changed.what, source, problems: again.problems });
    }
    assert.deepEqual(wrong.slice(0, 2), [], `seed ${seed}: ${wrong.length} of ${runs}`);
    assert.ok(kept > 0 && kept < runs, `${kept} of ${runs} needed verbatim`);
  });
});
