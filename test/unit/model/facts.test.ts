import assert from "node:assert/strict";
import { factFor, facts } from "../../../provider/model/facts";

describe("facts", () => {
  it("are found by a concrete path of each of them", () => {
    const missed = facts().filter(
      (fact) => factFor(fact.path.replace(/<[^>]*>/g, '"a.b c"').replace(/\[\]/g, "[3]")) !== fact,
    );
    assert.deepEqual(missed, []);
    assert.ok(facts().length >= 632);
  });

  const found: readonly [string, string | undefined][] = [
    ["LEAF.remotes[2].js_cluster_migrate", "leafnodes.remotes[].jetstream_cluster_migrate"],
    ["accounts.APP", "accounts"],
    ["accounts.Users.users[0].PASS", "accounts.<name>.users[].password"],
    ['mappings."a.*"[0].dest', "accounts.<name>.mappings.<subject>[].destination"],
    ["cluster.routes[1]", "cluster.routes"],
    ['websocket.headers."X-A.B"', "websocket.headers"],
    ["accounts.A.default_permissions.pub.allow", "accounts.<name>.users[].permissions.publish.allow"],
    ["cluster.nothing", undefined],
    ["nothing", undefined],
  ];
  for (const [path, fact] of found) it(`${path} is ${fact}`, () => assert.equal(factFor(path)?.path, fact));
});
