import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { PulumiProject } from "../bed/pulumiProject";
import { handWritten } from "./handWritten";
import { measured } from "./measured";
import type { Figure, Phases, Work } from "./work";

/** How the same objects are written: whole maps, a resource for each, or a dynamic resource of the user's own for each. */
export type Form = "maps" | "single" | "by hand";

const program = `
const pulumi = require("@pulumi/pulumi");
const nats = require("pulumi-nats");
const { BENCH_FORM: form, BENCH_URL: url, BENCH_CHANGED: changed } = process.env;
const [streams, consumers, replicas] = ["STREAMS", "CONSUMERS", "REPLICAS"].map((key) => Number(process.env["BENCH_" + key]));
const provider = new nats.Provider("bench", { servers: url });
const range = (count) => Array.from({ length: count }, (_, index) => index);
const defaults = { maxAge: "24h", ...(replicas > 1 ? { replicas } : {}) };
const stream = (index) => ({
  subjects: ["bench." + index + ".>"],
  ...(changed && index % 10 === 0 ? { maxMsgs: 1000 } : {}),
});
const consumer = (of, index) => (changed && (of * consumers + index) % 10 === 0 ? { maxDeliver: 7 } : {});
if (streams === 0) {
  return;
} else if (form === "maps") {
  const all = new nats.Streams("streams", {
    defaults,
    streams: Object.fromEntries(range(streams).map((index) => ["S" + index, stream(index)])),
  }, { provider });
  if (consumers > 0) {
    const of = (index) => Object.fromEntries(range(consumers).map((each) => ["C" + each, consumer(index, each)]));
    new nats.Consumers("consumers", {
      defaults: { maxDeliver: 5 },
      consumers: Object.fromEntries(range(streams).map((index) => ["S" + index, of(index)])),
    }, { provider, dependsOn: all });
  }
} else {
  for (const index of range(streams)) {
    const one = new nats.Stream("S" + index, { ...defaults, ...stream(index) }, { provider });
    for (const each of range(consumers)) {
      const settings = { maxDeliver: 5, ...consumer(index, each), stream: one.name, name: "C" + each };
      new nats.Consumer("S" + index + "-C" + each, settings, { provider });
    }
  }
}
`;

/** The real command line on a project of its own. */
export async function pulumiRun(url: string, work: Work, form: Form, skipCheckpoints: boolean): Promise<Phases> {
  const project = await PulumiProject.make({
    files: form === "by hand" ? handWritten : { "index.js": program },
    stock: true,
  });
  try {
    const env = {
      ...process.env,
      ...project.bed.env,
      BENCH_FORM: form,
      BENCH_URL: url,
      BENCH_STREAMS: String(work.streams),
      BENCH_CONSUMERS: String(work.consumers),
      BENCH_REPLICAS: String(work.replicas),
      ...(skipCheckpoints ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {}),
    };
    const run = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Figure> => {
      const options = { cwd: project.dir, env: { ...env, ...more } };
      return measured("pulumi", [...args, "--non-interactive", "--color=never", "--suppress-outputs"], options);
    };
    const up = await run(["up", "--yes", "--skip-preview"]);
    const state = sizeOf(path.join(project.bed.root, "state", ".pulumi", "stacks"));
    return {
      up,
      state,
      preview: await run(["preview", "--expect-no-changes"]),
      refreshed: await run(["preview", "--refresh", "--expect-no-changes"]),
      refresh: await run(["refresh", "--yes", "--skip-preview"]),
      change: await run(["up", "--yes", "--skip-preview"], { BENCH_CHANGED: "1" }),
      destroy: await run(["destroy", "--yes", "--skip-preview"]),
    };
  } finally {
    project.remove();
  }
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const states = files.filter((file) => file.isFile() && file.name.endsWith(".json"));
  return states.reduce((sum, file) => sum + statSync(path.join(file.parentPath, file.name)).size, 0);
}
