import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { lookForServer } from "../../provider/tools/lookForServer";
import type { ServerSought } from "../../provider/tools/lookForServer";
import { ReleaseServer } from "../bed/releaseServer";

describe("nats-server that is looked for before it is fetched", () => {
  let releases: ReleaseServer;
  /** Each test another one: what is known of a version is kept. */
  let patch = 70;
  let version: string;
  beforeEach(async () => {
    releases = await ReleaseServer.start();
    version = `2.15.${patch++}`;
  });
  afterEach(() => releases.stop());

  const list = (): string => `nats-io/nats-server/releases/download/v${version}/SHA256SUMS`;
  const info = (): string => `proxy/github.com/nats-io/nats-server/v2/@v/v${version}.info`;
  const look = async (change: NodeJS.ProcessEnv = {}, architecture = process.arch): Promise<ServerSought> => {
    const before = { ...process.env };
    Object.assign(process.env, releases.env, change);
    try {
      return await lookForServer(version, architecture);
    } finally {
      for (const key of Object.keys({ ...releases.env, ...change })) delete process.env[key];
      Object.assign(process.env, before);
    }
  };
  /** Go that knows nothing but its proxy. */
  const withGo = (): NodeJS.ProcessEnv => {
    writeFileSync(path.join(releases.dir, "go"), `#!/bin/sh\necho "off|${releases.base}/proxy,direct"\n`);
    chmodSync(path.join(releases.dir, "go"), 0o755);
    return { PATH: releases.dir };
  };

  it("is there where the release lists its archive, which is not fetched", async () => {
    const name = `nats-server-v${version}-linux-s390x.tar.gz`;
    releases.answer(list(), `${"0".repeat(64)}  ${name}\n`);
    assert.deepEqual(await look({}, "s390x"), { found: "yes", tried: [] });
    assert.deepEqual(releases.requests, [list()]);
  });

  it("is there where Go's proxy knows the version", async () => {
    releases.answer(info(), "{}");
    assert.equal((await look(withGo())).found, "yes");
    assert.deepEqual(releases.requests, [list(), info()]);
  });

  it("is not there where nobody has it", async () => {
    assert.deepEqual(await look(withGo()), {
      found: "no",
      tried: [`${releases.base}/${list()} answers 404`, `${releases.base}/${info()} answers 404`],
    });
  });

  it("is not known of where nobody answers", async () => {
    const gone = await ReleaseServer.start();
    const { base } = gone;
    await gone.stop();
    const { found, tried } = await look({ PULUMI_NATS_DOWNLOAD_BASE: base });
    assert.equal(found, "unknown");
    assert.match(tried.join("\n"), /^http:\/\/127\.0\.0\.1:\d+\/\S+: .*ECONNREFUSED.*\ngo is not on PATH$/);
  });
});
