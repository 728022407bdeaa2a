import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import path from "node:path";
import { discover } from "../../../provider/cli/discover";
import { freePorts } from "../../bed/freePorts";

describe("discover", () => {
  it("says that the servers are those of the command line where they can't be reached", async () => {
    const [port] = await freePorts(1);
    const server = `nats://127.0.0.1:${port}`;
    await assert.rejects(
      discover({ out: path.join(tmpdir(), "pulumi-nats-nothing"), server }),
      /nothing listens there \(connection refused\) \(servers from the command line, no credentials\)/,
    );
  });
});
