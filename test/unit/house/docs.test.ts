import assert from "node:assert/strict";
import { publicNames } from "./publicApi";

// The typed configuration's own blocks are reached through the arguments that hold them.
const names = [...publicNames("components/index.ts"), ...publicNames("provider/model/config/index.ts")];
const publicClasses = publicNames("components/index.ts");
/** Made by the component of which it is a part, never by a program itself. */
const madeByOthers = new Set(["Servers"]);
const described = new Map(names.map(({ name, doc }) => [name, doc]));

describe("documentation of what users write", () => {
  it("sees classes, arguments, members and the whole typed configuration", () => {
    for (const name of [
      "Cluster",
      "ClusterArgs.tls",
      "Cluster.cliContext",
      "Certificate.pin",
      "CertificateIssuer.key",
      "CertificateAuthority.fromPem",
      "thisMachine",
      "ServerConfig",
    ]) {
      assert.ok(described.has(name), `${name} among ${names.length} public names`);
    }
    assert.ok(names.length > 600, `${names.length} public names`);
  });

  it("stands on every public name and every member of one", () => {
    const bare = names.filter(({ doc }) => !doc).map(({ name, file, line }) => `${file}:${line}: ${name}`);
    assert.deepEqual(bare, []);
  });

  it("has an example for every class that takes arguments", () => {
    const classes = publicClasses
      .filter(({ name }) => described.has(`${name}Args`))

      .filter(({ name, doc }) => !doc?.includes("@example") && !madeByOthers.has(name));
    assert.deepEqual(
      classes.map(({ name, file }) => `${file}: ${name}`),
      [],
    );
  });
});
