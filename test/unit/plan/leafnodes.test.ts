import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";
import { dialledHubs, hubsToReach, linkFiles } from "../../../provider/plan/leafnodes";

const conf = (text: string) => parseConf(text).root;
const one = `{ urls: ["tls://hub:7422"], credentials: "current/hub-1/user.creds", tls { ca_file: "current/hub-1/ca.pem", timeout: 5 } }`;
const two = `{ urls: ["nats://other:7422"] }`;

describe("Links of leaf nodes", () => {
  it("are made by these files", () => {
    assert.deepEqual(linkFiles(conf(`leafnodes { remotes: [${one}, ${two}] }`)), ["hub-1/user.creds", "hub-1/ca.pem"]);
    assert.deepEqual(linkFiles(conf("port: 4222")), []);
  });

  it("must be seen where one of them is new or another one", () => {
    const [before, after] = [one, `${one}, ${two}`].map((remotes) => conf(`leafnodes { remotes: [${remotes}] }`));
    assert.equal(dialledHubs(after!), 2);
    assert.deepEqual(
      [hubsToReach(before, after!), hubsToReach(before, before!), hubsToReach(undefined, before!)],
      [2, 0, 1],
    );
  });
});
