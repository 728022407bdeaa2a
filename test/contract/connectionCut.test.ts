import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Duplex } from "node:stream";
import type { NatsConnection } from "nats";
import type { Dialer } from "../../provider/apply/dial";
import { connectNats } from "../../provider/apply/natsClient";
import { testAuthority, testCertificate } from "../bed/authority";
import { NatsServer } from "../bed/natsServer";

/** How a way's end shows: by the end of what comes, by its close, or by an error. */
const ends = ["end", "close", "error"] as const;

describe("A way to a server that is cut while the connection is made", function () {
  this.timeout(120_000);
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-cut-"));
  let ca: string;
  let server: NatsServer;
  before(async () => {
    const authority = await testAuthority();
    ca = authority.cert;
    const { cert, key } = await testCertificate(authority);
    writeFileSync(path.join(dir, "server.pem"), cert);
    writeFileSync(path.join(dir, "server.key"), key);
    const tls = `tls { cert_file: ${dir}/server.pem, key_file: ${dir}/server.key }`;
    server = await NatsServer.start(`listen: "127.0.0.1:-1", ${tls}`);
  });
  after(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const enter = (dialer: Dialer): Promise<NatsConnection> =>
    connectNats({ servers: server.url, tls: { ca }, timeout: 2000, reconnect: false, dialer });

  for (const end of ends) {
    // An error that nobody listens to would end the process, and here the test.
    it(`fails with a reason, and nothing else: ${end}, after each of its steps`, async () => {
      let cuts = 0;
      for (let bytes = 0; bytes < 3000; bytes += 100) {
        const way = new CutWay(bytes, end);
        const outcome = await enter(way).then(
          (connection) => connection.close(),
          (error: unknown) => error,
        );
        if (!way.isCut) {
          assert.equal(outcome, undefined);
          continue;
        }
        cuts += 1;
        // What is cut after the last byte that was waited for has been a connection.
        if (outcome === undefined) continue;
        assert.ok(outcome instanceof Error && outcome.message !== "", `${typeof outcome} after ${bytes} bytes`);
        assert.doesNotMatch(outcome.message, /TIMEOUT/, `after ${bytes} bytes it is waited for`);
      }
      assert.ok(cuts > 10, `${cuts} cuts`);
    });
  }
});

/** Ends after so many bytes in both directions together. */
class CutWay implements Dialer {
  readonly label = "a way that is cut";
  readonly #bytes: number;
  readonly #end: (typeof ends)[number];
  isCut = false;

  constructor(bytes: number, end: (typeof ends)[number]) {
    this.#bytes = bytes;
    this.#end = end;
  }

  async dial(host: string, port: number): Promise<Duplex> {
    const socket = connect(port, host);
    await once(socket, "connect");
    let seen = 0;
    const count = (chunk: Buffer): void => {
      seen += chunk.length;
      if (seen >= this.#bytes) cut();
    };
    const way = new Duplex({
      read: () => socket.resume(),
      write: (chunk: Buffer, _encoding, done) => {
        // As of a channel that is gone: nobody says what became of it.
        if (this.isCut) return;
        socket.write(chunk, done);
        count(chunk);
      },
      destroy: (error, done) => {
        socket.destroy();
        done(error);
      },
    });
    const cut = (): void => {
      if (this.isCut) return;
      this.isCut = true;
      socket.destroy();
      if (this.#end === "end") way.push(null);
      way.destroy(this.#end === "error" ? new Error("the channel is gone") : undefined);
    };
    socket.on("data", (chunk: Buffer) => {
      way.push(chunk);
      count(chunk);
    });
    return way;
  }

  async close(): Promise<void> {}
}
