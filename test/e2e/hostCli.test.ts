import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../../provider/apply/wait";
import { twoUsers } from "../bed/accountsConfig";
import { killEngine } from "../bed/engineProcesses";
import { NatsServer } from "../bed/natsServer";
import { PulumiProject, ended } from "../bed/pulumiProject";
import { pulumiSdk } from "../bed/pulumiSdk";

/** The program reads its settings from a file, so that one text serves all steps. */
const program = `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("pulumi-nats/dist/provider/resources/provider.js".replace("pulumi-nats", __ROOT__));
const { Stream } = require("pulumi-nats/dist/provider/resources/stream.js".replace("pulumi-nats", __ROOT__));
const { url, streams } = JSON.parse(require("fs").readFileSync(__dirname + "/settings.json", "utf8"));
const provider = new Provider("app", { servers: url, user: "ann", password: pulumi.secret("anns-secret") });
for (const [name, { options, ...args }] of Object.entries(streams)) new Stream(name, args, { provider, ...options });
`;

interface Closed {
  readonly name: string;
  readonly reason: string;
}

interface Placed {
  readonly urn: string;
  readonly sourcePosition: string;
  readonly stackTrace: readonly { readonly sourcePosition: string }[];
}

interface PreviewStep {
  readonly urn: string;
  readonly op: string;
  readonly detailedDiff: Readonly<Record<string, { readonly kind: string; readonly inputDiff: boolean }>> | null;
}

describe("The command line", function () {
  this.timeout(240_000);
  let server: NatsServer;
  let project: PulumiProject | undefined;

  beforeEach(async () => {
    server = await NatsServer.start(`http: "127.0.0.1:-1"\n${twoUsers}`);
  });
  afterEach(async () => {
    // A provider that was asked for nothing yet outlives an engine that is killed.
    if (project) killEngine(project);
    project?.remove();
    project = undefined;
    await server.stop();
  });

  async function newProject(sdk?: string): Promise<PulumiProject> {
    // The package's exports hide single files, which are all that these programs need.
    const made = await PulumiProject.make({ files: { "index.js": "" }, ...(sdk === undefined ? {} : { sdk }) });
    const root = path.join(made.dir, "node_modules", "pulumi-nats");
    made.write("index.js", program.replaceAll("__ROOT__", JSON.stringify(root)));
    project = made;
    return made;
  }

  function settings(streams: Record<string, object>): void {
    project!.write("settings.json", JSON.stringify({ url: server.url, streams }));
  }

  /** Where the program makes it, as the state has it. */
  function placeOf(name: string): Placed {
    const file = path.join(project!.bed.root, "state/.pulumi/stacks/bed/test.json");
    const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: { resources: Placed[] } } };
    return state.checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`))!;
  }

  async function previewed(name: string, ...flags: string[]): Promise<PreviewStep> {
    const json = JSON.parse(await project!.must(["preview", "--json", ...flags])) as { steps: PreviewStep[] };
    return json.steps.find(({ urn }) => urn.endsWith(`::${name}`))!;
  }

  const sdks: Readonly<Record<string, string | undefined>> = { "oldest supported": "3.216.0", installed: undefined };
  for (const [title, version] of Object.entries(sdks)) {
    it(`leads a resource through its life with the ${title} SDK`, async () => {
      await newProject(version === undefined ? undefined : await pulumiSdk(version));
      settings({ ORDERS: { subjects: ["orders.>"], maxMsgs: 7 } });
      assert.match(await project!.must(["up", "--yes"]), /nats:Stream ORDERS created/);
      const { sourcePosition, stackTrace } = placeOf("ORDERS");
      assert.match(sourcePosition, /^project:\/\/\/index\.js#7,\d+$/);
      // The bed loads modules in a way of its own.
      const places = stackTrace.map((frame) => frame.sourcePosition).filter((place) => !place.includes("lazyModules"));
      assert.deepEqual(places, [sourcePosition]);
      assert.match(await project!.must(["up", "--yes", "--skip-preview"]), /3 unchanged/);

      settings({ ORDERS: { subjects: ["orders.>", "more.>"], maxMsgs: 9 } });
      const step = await previewed("ORDERS");
      assert.equal(step.op, "update");
      assert.deepEqual(Object.keys(step.detailedDiff ?? {}).sort(), ["maxMsgs", "subjects"]);
      assert.match(await project!.must(["preview", "--diff"]), /~ maxMsgs\s*: 7 => 9/);
      await project!.must(["up", "--yes", "--skip-preview"]);
      assert.match(await project!.must(["refresh", "--yes", "--skip-preview"]), /3 unchanged/);
      assert.match(await project!.must(["preview"]), /3 unchanged/);

      settings({ ORDERS: { subjects: ["a..b"] } });
      const refused = await project!.run(["preview"]);
      assert.notEqual(refused.code, 0);
      assert.match(refused.text, /resource 'ORDERS' has a problem: subjects\[0\]: /);
      await project!.must(["destroy", "--yes", "--skip-preview"]);
    });

    it(`imports what exists with the ${title} SDK, once told of this package`, async () => {
      await newProject(version === undefined ? undefined : await pulumiSdk(version));
      settings({ ORDERS: { subjects: ["orders.>"], maxMsgs: 7, options: { retainOnDelete: true } } });
      await project!.must(["up", "--yes", "--skip-preview"]);
      const urn = "urn:pulumi:test::bed::pulumi-nodejs:dynamic/nats:Stream::ORDERS";
      await project!.must(["state", "delete", "--yes", urn]);

      const app = "urn:pulumi:test::bed::pulumi:providers:pulumi-nodejs::app";
      const command = [
        "import",
        "pulumi-nodejs:dynamic/nats:Stream",
        "ORDERS",
        "ORDERS",
        "--yes",
        "--generate-code=false",
      ];
      const text = await project!.must([...command, "--protect=false", "--provider", `app=${app}`], {
        NODE_OPTIONS: "--require pulumi-nats/register",
      });
      assert.match(text, /nats:Stream ORDERS imported/);
      assert.match(await project!.must(["preview"]), /3 unchanged/);
      const missing = await project!.run([...command.with(3, "NONE").with(2, "NONE"), "--provider", `app=${app}`], {
        NODE_OPTIONS: "--require pulumi-nats/register",
      });
      assert.match(missing.text, /Stream "NONE" does not exist on the server/);
    });
  }

  it("closes its connections in good order", async () => {
    await newProject();
    settings({ ORDERS: { subjects: ["orders.>"] } });
    await project!.must(["up", "--yes", "--skip-preview"]);
    const monitor = server.ports.monitoring![0]!;
    // The server learns of the end of a connection after the client.
    const connections = await waitFor<Closed[]>("a closed connection", { timeout: 30_000 }, async () => {
      const [open, closed] = await Promise.all(["open", "closed"].map((state) => connz(monitor, state)));
      return open!.length === 0 && closed!.length > 0 ? { value: closed! } : { pending: `${open!.length} open` };
    });
    assert.deepEqual(
      connections.map(({ name, reason }) => ({ name, reason })),
      [{ name: "pulumi-nats", reason: "Client Closed" }],
    );
  });

  async function isKilledHalfWay(): Promise<boolean> {
    const running = project!.start(["up", "--yes", "--skip-preview", "--parallel=2"]);
    const end = ended(running);
    const begun = new Promise<void>((resolve) => {
      running.stdout!.on("data", (chunk: Buffer) => chunk.toString().includes(" created") && resolve());
    });
    await Promise.race([begun, end]);
    running.kill("SIGKILL");
    await end;
    await project!.must(["cancel", "--yes"]);
    return !(await project!.must(["stack", "export"])).includes("::S39");
  }

  async function connz(monitor: string, state: string): Promise<Closed[]> {
    const answer = await fetch(`${monitor}/connz?state=${state}`);
    return ((await answer.json()) as { connections: Closed[] }).connections;
  }

  it("goes on where a killed run stopped", async () => {
    await newProject();
    const streams = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`S${n}`, { subjects: [`s${n}.>`] }]));
    settings(streams);
    // One that was through before the kill came is no killed one.
    for (let tries = 1; !(await isKilledHalfWay()); tries++) {
      assert.ok(tries < 5, "no run could be killed half way");
      await project!.must(["destroy", "--yes", "--skip-preview"]);
    }
    assert.match(await project!.must(["up", "--yes", "--skip-preview"]), /Stream S39 created/);
    assert.match(await project!.must(["up", "--yes", "--skip-preview"]), /42 unchanged/);
    await project!.must(["destroy", "--yes", "--skip-preview"]);
  });
});
