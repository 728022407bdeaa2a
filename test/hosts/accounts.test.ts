import assert from "node:assert/strict";
import { Cluster } from "../../components/cluster";
import { hosts } from "../../components/hosts";
import { closeConnections } from "../../provider/apply/connect";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { accountsWalk, holdAccountsWalk } from "../bed/accountsWalk";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { HostsBed } from "../bed/hosts/hostsBed";
import { withStack } from "../bed/stack";
import { opsSsh } from "./hostsProgram";

describe("Operator, account and users on three hosts", function () {
  this.timeout(300_000);
  let bed: HostsBed;
  before(async function () {
    bed = await hostsBed(this, { hosts: 3 });
  });
  after(async () => {
    await closeConnections();
    await bed?.down();
  });

  it("are there when up is done: each user may do what it may, on every server", async () => {
    const program = accountsWalk((operator) => {
      const list = bed.hosts.map(({ address }) => ({ address }));
      const target = hosts(list, { ssh: opsSsh(bed) });
      const tls = { issuer: new CertificateAuthority("ca") };
      return new Cluster("east", {
        target,
        operator,
        tls,
        jetstream: { maxFileStore: "256MiB" },
        rollout: { timeout: "60s" },
      });
    });
    await withStack(program, async (stack) => {
      const up = await stack.up();
      await holdAccountsWalk(up.outputs);
      const preview = await stack.preview();
      assert.deepEqual(Object.keys(preview.counts), ["same"], preview.text);
    });
  });
});
