import assert from "node:assert/strict";
import { parseConf } from "../../provider/conf/parser";
import { writeConf } from "../../provider/conf/writer";
import { isError } from "../../provider/errors";
import { parserProblems } from "../../provider/model/config/checkConf";
import { ModelBed } from "./modelBed";
import { modelCorpus } from "./modelCorpus";
import { mutate, randomFrom } from "./modelMutations";

const runs = Number(process.env["MODEL_RUNS"] ?? 500);

describe("checkConf against nats-server -t", function () {
  this.timeout(300_000);
  let bed: ModelBed;
  before(async () => (bed = await ModelBed.open()));
  after(() => bed.close());

  it("takes every configuration of the corpus, as the server does", async () => {
    const texts = modelCorpus().map((text) => bed.fill(text));
    const verdicts = await bed.verdicts(texts);
    const wrong = texts.flatMap((text, index) => {
      const problems = parserProblems(parseConf(text)).filter(isError);
      return problems.length > 0 || verdicts[index]!.refused ? [{ text, problems, said: verdicts[index]!.said }] : [];
    });
    assert.deepEqual(wrong, []);
  });

  it(`judges ${runs} random changes of it as the server does`, async () => {
    const seed = Number(process.env["MODEL_SEED"] ?? 15);
    const random = randomFrom(seed);
    const corpus = modelCorpus().map((text) => parseConf(bed.fill(text)).root);
    const changes = Array.from({ length: runs }, () => {
      const conf = corpus[Math.floor(random() * corpus.length)]!;
      const first = mutate(conf, random);
      return random() < 0.2 && first.conf.size > 0 ? mutate(first.conf, random) : first;
    }).filter(({ conf }) => conf.size > 0);
    const texts = changes.map(({ conf }) => writeConf(conf));
    const verdicts = await bed.verdicts(texts);
    const refused = verdicts.filter((verdict) => verdict.refused).length;
    const wrong = changes.flatMap(({ what }, index) => {
      const problems = parserProblems(parseConf(texts[index]!)).filter(isError);
      const verdict = verdicts[index]!;
      return problems.length > 0 === verdict.refused
        ? []
        : [{ what, ours: problems, said: verdict.said.slice(0, 300) }];
    });
    assert.ok(refused > runs / 10 && refused < (runs * 9) / 10, `${refused} of ${runs} are refused`);
    assert.deepEqual(wrong.slice(0, 12), [], `seed ${seed}: ${wrong.length} of ${changes.length} are judged otherwise`);
  });
});
