import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { hasEnded, moreThanExpired } from "../../../provider/model/expiredCertificate";
import type { WantedOfExpired } from "../../../provider/model/expiredCertificate";
import { testAuthority, testCertificate } from "../../bed/authority";
import type { KeyedCertificate } from "../../bed/authority";

const now = new Date("2026-01-01T12:00:00Z");

describe("moreThanExpired", () => {
  let ca: KeyedCertificate;
  before(async () => {
    ca = await testAuthority("acme CA", { now });
  });

  async function verdict(
    request: Parameters<typeof testCertificate>[1],
    wanted: Partial<WantedOfExpired> = {},
  ): Promise<string | undefined> {
    const { cert } = await testCertificate(ca, { now, days: 1, ...request });
    return moreThanExpired([new X509Certificate(cert)], { ca: ca.cert, host: "127.0.0.1", ...wanted });
  }

  it("finds nothing in a certificate of the CA for the server, also where the CA was renewed after its end", async () => {
    assert.equal(await verdict({}), undefined);
    assert.equal(await verdict({}, { host: "localhost" }), undefined);
    const renewed = await testAuthority("acme CA", { now: new Date("2026-03-01T12:00:00Z"), key: ca.key });
    assert.equal(await verdict({}, { ca: `${renewed.cert}${ca.cert}` }), undefined);
  });

  it("says that another CA signed it, that it is another server's, or no server's", async () => {
    const other = await testAuthority("acme CA", { now });
    assert.match((await verdict({}, { ca: other.cert }))!, /^certificate "CN=test" is not signed by the CA given$/);
    assert.match(
      (await verdict({}, { host: "10.0.0.1" }))!,
      /is not for 10\.0\.0\.1; its subjectAltName is DNS:localhost/,
    );
    assert.match((await verdict({ usages: ["client"] }))!, /lacks the extended key usage serverAuth/);
    const leaf = await testCertificate(ca, { now });
    assert.match((await verdict({}, { ca: leaf.cert }))!, /is not signed by the CA given/);
  });
});

describe("hasEnded", () => {
  it("goes by the first certificate, to the moment; what is none has no end", async () => {
    const ca = await testAuthority("acme CA", { now });
    const { cert } = await testCertificate(ca, { now, days: 1 });
    const end = Date.parse(new X509Certificate(cert).validTo);
    assert.deepEqual(
      [end - 1, end].map((time) => hasEnded(`${cert}${ca.cert}`, new Date(time))),
      [false, true],
    );
    assert.equal(hasEnded("", new Date(end)), false);
  });
});
