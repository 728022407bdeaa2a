import assert from "node:assert/strict";
import { Provider } from "../../provider/resources/provider";

describe("Arguments of a provider of another shape", () => {
  it("stop the program, each with its place", () => {
    const provider = (args: unknown): unknown => new Provider("p", args as never);
    assert.throws(
      () => provider({ server: "nats://x", tls: { cafile: "a" }, user: 5, password: 12345, through: "east" }),
      {
        message: [
          'nats.Provider "p":',
          '  server: there is no property "server" here. Fix: write servers',
          '  user: 5: text is wanted. Fix: "5"',
          "  password: a number: text is wanted",
          '  tls.cafile: there is no property "cafile" here. Fix: write caFile',
          '  through: "east": a cluster is wanted. Fix: through: cluster (the nats.Cluster)',
        ].join("\n"),
      },
    );
    assert.throws(() => provider(null), /nats\.Provider "p":\n.*null: an object is wanted\. Fix: leave it out/);
    assert.throws(() => provider({ servers: { a: 1 } }), /servers: an object: a list is wanted/);
  });
});
