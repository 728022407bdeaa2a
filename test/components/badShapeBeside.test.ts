import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { bcrypt } from "../../components/bcrypt";
import { Box } from "../../components/box";
import { credsSecret } from "../../components/credsSecret";
import { Nack } from "../../components/nack";
import * as nack from "../../components/nackObjects";
import { Nui } from "../../components/nui";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Operator } from "../../provider/resources/operator";
import { Password } from "../../provider/resources/password";
import { register } from "./mocks";

describe("Arguments of what stands beside a cluster, of another shape", () => {
  const wrong: readonly (readonly [what: string, program: () => unknown, expected: RegExp])[] = [
    [
      "Nui",
      () => new Nui("n", { namespace: "nats", contexts: { app: { url: "x" } }, imag: "y" } as never),
      /imag: .* Fix: write image[^]*contexts\.app\.url: .* Fix: write servers/,
    ],
    [
      "Box",
      () => new Box("b", { namespace: 5, contexts: [] } as never),
      /namespace: 5: text is wanted\. Fix: namespace: "nats"[^]*contexts: a list: an object is wanted/,
    ],
    [
      "Box of nothing",
      () => new Box("b", { namespace: "n", contexts: { app: undefined } } as never),
      /contexts\.app: is missing/,
    ],
    ["Nack", () => new Nack("k", undefined as never), /the arguments are missing/],
    [
      "nack.Stream without anything",
      () => new nack.Stream("S", null as never),
      /nats\.nack\.Stream "S":\n.*null: an object/,
    ],
    [
      "nack.Stream",
      () => new nack.Stream("S", { nack: "nack", account: null, labels: { team: 5 }, subjects: ["s"] } as never),
      /nack: "nack": a controller is wanted\. Fix: nack \(the nats\.Nack\), or namespace[^]*labels\.team: 5: text[^]*account: null: .*Fix: leave it out/,
    ],
    ["nack.Consumer without anything", () => new nack.Consumer("C", undefined as never), /the arguments are missing/],
    [
      "nack.Account",
      () => new nack.Account("A", { namespace: 5, connection: { url: "x" } } as never),
      /nack: is missing\. Fix: nack \(the nats\.Nack\)[^]*namespace: 5: text is wanted[^]*connection\.url: .* Fix: write servers/,
    ],
    ["Operator", () => new Operator("o", null as never), /nats\.Operator "o":\n.*null: an object is wanted/],
    [
      "CertificateAuthority.fromPem",
      () => CertificateAuthority.fromPem({ cert: 5 } as never),
      /fromPem:\n {2}cert: 5: text is wanted\. Fix: cert: readFileSync.*\n {2}key: is missing\. Fix: key: readFileSync/,
    ],
    [
      "CertificateAuthority.fromPem of nothing",
      () => CertificateAuthority.fromPem(undefined as never),
      /arguments are missing/,
    ],
    [
      "credsSecret of a resource, in place of resources by file name",
      () => credsSecret(new Password("p") as never),
      /nats\.credsSecret:\n {2}a resource: an object is wanted\. Fix: \{ "nexus\.creds": nexus \}/,
    ],
    [
      "credsSecret of creds in place of users, and of a file name with a folder",
      () => credsSecret({ "a.creds": pulumi.secret("x"), "b/c.creds": { creds: pulumi.output("x") } } as never),
      /"a\.creds": an Output, known only later: a user is wanted.*Fix: \{ "nexus\.creds": nexus \}/,
    ],
    [
      "credsSecret of a path",
      () => credsSecret({ "b/c": { creds: "/etc/nexus.creds" } }),
      /\["b\/c"\]: "b\/c" can't name a file of a Secret: .*Fix: "b-c"\n {2}\["b\/c"\]\.creds: it is not the content of a creds file/,
    ],
    [
      "bcrypt of nothing",
      () => bcrypt(undefined as never),
      /nats\.bcrypt:\n {2}password: is missing\. Fix: nats\.bcrypt\(/,
    ],
    ["bcrypt of an empty password", () => bcrypt(""), /password: is empty/],
    [
      "bcrypt of a hash",
      () => bcrypt(`$2a$11$${"x".repeat(53)}`),
      /nats\.bcrypt:\n {2}password: is a bcrypt hash already, and nobody could log in with it\. Fix: the hash without nats\.bcrypt$/,
    ],
    [
      "bcrypt of a long password",
      () => bcrypt("s3cr3t-value".repeat(7)),
      /^(?![^]*s3cr3t)[^]*longer than the 72 bytes/,
    ],
    [
      "options of bcrypt",
      () => bcrypt("x", { cots: 4, cost: "4" } as never),
      /cots: there is no property "cots" here\. Fix: write cost\n {2}cost: "4": a number is wanted\. Fix: 4$/,
    ],
    [
      "the cost of bcrypt",
      () => bcrypt("x", { cost: 17 }),
      /cost: 17: a whole number from 4 to 16 is wanted\. Fix: cost: 11/,
    ],
  ];
  for (const [what, program, expected] of wrong) {
    it(`stop the program: ${what}`, async () => {
      await register(() => assert.throws(program, expected));
    });
  }
});
