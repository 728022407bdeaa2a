import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Certificate } from "../../provider/resources/certificate";
import type { CertificateArgs } from "../../provider/resources/certificate";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import type { CertificateAuthorityArgs } from "../../provider/resources/certificateAuthority";
import { withStack } from "../bed/stack";

type Program = () => Promise<Record<string, unknown>>;

function program(authority: CertificateAuthorityArgs, args: Partial<CertificateArgs>): Program {
  return async () => {
    const ca = new CertificateAuthority("ca", authority);
    const app = new Certificate("app", { issuer: ca, dnsNames: ["localhost"], ...args });
    return { ca: ca.cert, cert: app.cert, key: app.key, trusted: app.ca };
  };
}

describe("certificates in a stack", function () {
  this.timeout(120_000);

  it("say in the preview that they will be renewed, are renewed, and are then left alone", async () => {
    await withStack(program({}, { validity: "24h", renewBefore: "23h59m59s" }), async (stack) => {
      const first = (await stack.up()).outputs as Record<string, string>;
      const ends = new X509Certificate(first["cert"]!).validTo;
      const date = new Date(ends).toISOString().slice(0, 10);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const preview = await stack.preview({ diff: true });
      assert.deepEqual(preview.counts, { same: 1, update: 1 });
      assert.ok(preview.text.includes(`certificate expires ${date}; will be renewed`), preview.text);
      assert.doesNotMatch(preview.text, /BEGIN [A-Z ]*PRIVATE KEY/);

      stack.program = program({}, { validity: "48h", renewBefore: "1h" });
      const second = (await stack.up()).outputs as Record<string, string>;
      assert.notEqual(second["cert"], first["cert"]);
      assert.equal(second["key"], first["key"]);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      assert.deepEqual((await stack.refresh()).counts["update"], undefined);
    });
  });

  it("stay through the renewal of their authority, and are issued again by another one", async () => {
    await withStack(program({}, {}), async (stack) => {
      const first = (await stack.up()).outputs as Record<string, string>;
      stack.program = program({ validity: "90000h" }, {});
      const renewed = (await stack.up()).outputs as Record<string, string>;
      assert.notEqual(renewed["ca"], first["ca"]);
      assert.deepEqual([renewed["cert"], renewed["trusted"]], [first["cert"], renewed["ca"]]);

      stack.program = program({ validity: "90000h", commonName: "other" }, {});
      const preview = await stack.preview();
      assert.match(preview.text, /a new authority with a new key: its certificates are issued again/);
      const other = (await stack.up()).outputs as Record<string, string>;
      assert.ok(new X509Certificate(other["cert"]!).verify(new X509Certificate(other["ca"]!).publicKey));
      assert.equal(other["key"], first["key"]);
    });
  });

  it("refuse what is wrong before anything is made, all at once", async () => {
    const wrong = program({}, { dnsNames: ["10.0.0.1"], ipAddresses: ["localhost"], renewBefore: "100d" });
    await withStack(wrong, async (stack) => {
      const { error, text } = await stack.attempt("preview");
      assert.ok(error !== undefined, text);
      for (const part of [
        'dnsNames[0]: "10.0.0.1" is an IP address, not a DNS name. Fix: ipAddresses: ["10.0.0.1"]',
        'ipAddresses[0]: "localhost" is no IP address. Fix: dnsNames: ["localhost"]',
        'renewBefore: "100d" is not shorter than the validity "2160h"',
      ]) {
        assert.ok(text.includes(part), `${part} in:\n${text}`);
      }
    });
  });
});
