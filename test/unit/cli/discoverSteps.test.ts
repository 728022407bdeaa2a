import assert from "node:assert/strict";
import path from "node:path";
import type { DiscoverOptions } from "../../../provider/cli/discover";
import { accountWays } from "../../../provider/cli/discoverAccounts";
import { nextSteps } from "../../../provider/cli/discoverSteps";

describe("nextSteps of discover", () => {
  const lines = (options: Partial<DiscoverOptions>, dir = "/srv/prod"): string[] =>
    nextSteps(dir, { out: dir, ...options }, [
      { way: accountWays({ out: dir, ...options })[0]!, resources: [], notes: [] },
    ]).split("\n");
  const settings = (options: Partial<DiscoverOptions>): string[] =>
    lines(options).filter((line) => line.includes("config set"));

  it("sets for the stack what the command line said, as it is found from another folder", () => {
    assert.deepEqual(settings({ server: "nats://a:4222,nats://b:4222", creds: "app.creds" }), [
      "  pulumi config set nats:servers nats://a:4222,nats://b:4222",
      `  pulumi config set nats:credsFile ${path.resolve("app.creds")}`,
    ]);
    assert.deepEqual(settings({ context: "prod" }), ["  pulumi config set nats:context prod"]);
    const file = path.relative(process.cwd(), path.resolve(__dirname, "../../../package.json"));
    assert.deepEqual(settings({ context: file }), [`  pulumi config set nats:context ${path.resolve(file)}`]);
  });

  it("shows no password, and has it kept as a secret", () => {
    const shown = lines({ server: "nats://app:s3cret-pass@a:4222" });
    assert.ok(shown.some((line) => line.startsWith("  pulumi config set --secret nats:servers ")));
    assert.ok(!shown.join("\n").includes("s3cret-pass"));
  });

  it("quotes what a shell would split", () => {
    assert.ok(lines({}, "/srv/my streams").some((line) => line.startsWith("  cd '/srv/my streams' && ")));
  });
});
