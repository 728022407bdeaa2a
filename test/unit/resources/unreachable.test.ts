import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { handlerOf } from "../../../provider/host/registry";
import { freePorts } from "../../bed/freePorts";
import { contextOf } from "../../contract/suite";

describe("servers that are not there", () => {
  const stream = { name: "ORDERS", subjects: ["orders.>"] };
  const [urn, handler] = [undefined, handlerOf("Stream")!];

  /** What the checks of two streams say of a preview: problems, and lines beside them. */
  async function said(
    config: Record<string, string>,
    isThere: boolean,
  ): Promise<{ warnings: string[]; lines: string[] }> {
    const [port] = await freePorts(1);
    const { context, lines } = contextOf(
      new Map([["servers", `nats://127.0.0.1:${port}`], ...Object.entries(config)]),
      urn,
    );
    const warnings: string[] = [];
    for (const name of ["ORDERS", "INVOICES"]) {
      const news = { ...stream, name, maxMsgs: 10 };
      const olds = isThere ? { ...stream, name, created: "2026-01-01T00:00:00Z" } : undefined;
      const { problems } = await handler.check(context, olds, news);
      assert.ok(
        problems.every(({ severity }) => severity === "warning"),
        "a preview does not fail",
      );
      warnings.push(...problems.map(({ reason }) => reason.replace(String(port), "PORT")));
    }
    return { warnings, lines: lines.map((line) => line.replace(String(port), "PORT")) };
  }

  it("are warned of once where the stack's configuration names them", async () => {
    const { warnings, lines } = await said({}, false);
    assert.deepEqual(warnings, [
      "not checked with the server: can't connect to NATS at 127.0.0.1:PORT: nothing listens there (connection refused) " +
        "(servers from the stack's configuration, no credentials). Fix: start the server, or correct servers",
    ]);
    assert.deepEqual(lines, []);
  });

  it("are warned of once where the resources are there already", async () => {
    const { warnings, lines } = await said({ provider: "orders" }, true);
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(warnings[0]!, /servers from nats\.Provider "orders"/);
    assert.deepEqual(lines, []);
  });

  it("are no more than mentioned where the same program may make them", async () => {
    const { warnings, lines } = await said({ provider: "orders" }, false);
    assert.deepEqual(warnings, []);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0]!,
      /^not checked with the server, as it has to be where this program makes the servers: .*PORT/,
    );
  });

  it("are waited for once where they say nothing, not by each resource and each kind of them", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const config = (): Map<string, string> =>
      new Map([
        ["servers", `nats://127.0.0.1:${port}`],
        ["timeout", "700ms"],
      ]);
    let first: number | undefined;
    try {
      for (const name of ["ORDERS", "INVOICES", "EVENTS"]) {
        const olds = { ...stream, name, created: "2026-01-01T00:00:00Z" };
        const { context } = contextOf(config(), urn);
        const { problems } = await handler.check(context, olds, { ...stream, name, maxMsgs: 10 });
        assert.match(
          problems.map(({ reason }) => reason).join("\n"),
          /^not checked with the server: can't connect .* says nothing in 0\.7 s: it hangs, starts with TLS, or is no NATS/,
        );
        first ??= sockets.length;
        const { notes } = await handler.diff(context, name, olds, { ...stream, name, maxMsgs: 10 });
        const told = JSON.stringify(notes);
        assert.match(told, /can't connect .*127\.0\.0\.1:\d+.*: how many messages the change deletes is not known/);
        // A raised limit deletes none, whatever the server holds.
        const raised = await handler.diff(context, name, { ...olds, maxMsgs: 10 }, { ...stream, name, maxMsgs: 20 });
        assert.deepEqual([Object.keys(raised.changes ?? {}), raised.notes], [["maxMsgs"], []]);
      }
      const bucket = handlerOf("KeyValue")!;
      const { problems } = await bucket.check(contextOf(config(), urn).context, undefined, { bucket: "config" });
      assert.equal(problems.length, 1);
      assert.ok(first! > 0);
      assert.equal(sockets.length, first);
    } finally {
      silent.close();
      for (const socket of sockets) socket.destroy();
    }
  });
});
