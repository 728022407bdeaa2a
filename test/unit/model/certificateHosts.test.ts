import assert from "node:assert/strict";
import { dnsNameProblem, ipAddressProblem, normaliseIpAddress } from "../../../provider/model/certificateHosts";

describe("hosts of a certificate", () => {
  for (const name of [
    "localhost",
    "nats.example.com",
    "*.nats.svc",
    "nats-0.nats.default.svc.cluster.local.",
    "_nats._tcp.example.com",
    "xn--bcher-kva.example",
  ]) {
    it(`takes the DNS name ${name}`, () => assert.equal(dnsNameProblem(name, "dnsNames[0]"), undefined));
  }

  const wrongNames: [name: string, reason: RegExp, fix: string][] = [
    ["10.0.0.1", /is an IP address, not a DNS name/, 'ipAddresses: ["10.0.0.1"]'],
    ["::1", /is an IP address, not a DNS name/, 'ipAddresses: ["::1"]'],
    ["tls://nats.example.com:4222", /is a URL/, '"nats.example.com"'],
    ["bücher.example", /punycode/, '"xn--bcher-kva.example"'],
    ["nats*.example.com", /a star can only stand alone as the first label/, '"*.example.com"'],
    ["a..b", /a label is empty/, '"nats.example.com"'],
    ["-a.example", /"-a" is no label/, '"nats.example.com"'],
    ["nats.example.com:4222", /"com:4222" is no label/, '"nats.example.com"'],
    ["", /a label is empty/, '"nats.example.com"'],
  ];
  for (const [name, reason, fix] of wrongNames) {
    it(`refuses the DNS name "${name}"`, () => {
      const problem = dnsNameProblem(name, "dnsNames[3]");
      assert.match(problem!.reason, reason);
      assert.deepEqual([problem!.path, problem!.fix], ["dnsNames[3]", fix]);
    });
  }
  it("refuses a DNS name longer than 253 letters", () => {
    assert.match(dnsNameProblem(`${"a.".repeat(130)}b`, "x")!.reason, /at most 253 letters, this one has 261/);
  });

  const addresses: [address: string, canonical: string | undefined][] = [
    ["127.0.0.1", "127.0.0.1"],
    ["2001:0DB8:0000::0001", "2001:db8::1"],
    ["[::1]", "::1"],
    ["256.0.0.1", undefined],
    ["1.2.3", undefined],
    ["0x7f.1", undefined],
    [":::", undefined],
    ["nats", undefined],
    ["fe80::1%eth0", undefined],
  ];
  for (const [address, canonical] of addresses) {
    it(`reads ${address} as ${canonical}`, () => assert.equal(normaliseIpAddress(address), canonical));
  }

  const wrongAddresses: [address: string, fix: string][] = [
    ["nats.example.com", 'dnsNames: ["nats.example.com"]'],
    ["10.0.0.0/8", '"10.0.0.0"'],
    ["10.0.0.1:4222", '"10.0.0.1"'],
    ["[::1]:4222", '"::1"'],
    ["300.1.1.1", '"10.0.0.1" or "2001:db8::1"'],
  ];
  for (const [address, fix] of wrongAddresses) {
    it(`refuses the address ${address}`, () => assert.equal(ipAddressProblem(address, "ipAddresses[0]")!.fix, fix));
  }
});
