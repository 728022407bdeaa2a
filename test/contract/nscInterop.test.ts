import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { accountClaims } from "../../provider/model/jwt/accountClaims";
import type { AccountSettings } from "../../provider/model/jwt/accountSettings";
import { readClaims, signedClaims } from "../../provider/model/jwt/claims";
import { publicKeyOf, seedOf } from "../../provider/model/jwt/nkeys";
import { signingKeysOf } from "../../provider/model/jwt/signingKeys";
import { userClaims } from "../../provider/model/jwt/userClaims";
import type { UserSettings } from "../../provider/model/jwt/userSettings";
import { Nsc } from "../bed/nsc/nsc";
import type { Claims } from "../bed/nsc/nsc";
import { newOperator } from "../bed/operatorServer";

const [account, user] = [seedOf("account", randomBytes(32)), seedOf("user", randomBytes(32))];
const other = publicKeyOf(seedOf("account", randomBytes(32)));
const operator = newOperator("acme");

describe("nsc", function () {
  this.timeout(300_000);
  let nsc: Nsc;
  before(async function () {
    nsc = await Nsc.make(this);
    nsc.run("add", "operator", "--name", "MyOperator", "--generate-signing-key", "--sys");
  });
  after(() => nsc?.remove());

  /** Our claims for the same settings, read back as nsc does. */
  const ourAccount = (settings: AccountSettings, keys: string[] = []): Claims => {
    const signingKeys = signingKeysOf(keys, {});
    const claims = accountClaims(settings, { publicKey: publicKeyOf(account), signingKeys, revocations: {} }, 1000);
    return nsc.read(signedClaims(claims, operator.signingKey, 1000));
  };
  const ourUser = (settings: UserSettings): Claims =>
    nsc.read(
      signedClaims(
        userClaims(settings, { publicKey: publicKeyOf(user), issuerAccount: undefined }, 1000),
        account,
        1000,
      ),
    );

  it("reads the operator, its system account and its user as its own", () => {
    const theirs = nsc.read(nsc.stored("MyOperator/MyOperator.jwt"));
    const ours = nsc.read(operator.jwt);
    assert.deepEqual(Object.keys(ours.nats).sort(), Object.keys(theirs.nats).sort());
    assert.deepEqual([ours.iss, ours.name], [operator.publicKey, "acme"]);
    const system = nsc.read(operator.systemAccountJwt);
    const expected = nsc.read(nsc.stored("MyOperator/accounts/SYS/SYS.jwt"));
    assert.equal(system.iss, operator.signingKeys[0]);
    const subjects = (claims: Claims): unknown =>
      (claims.nats["exports"] as Record<string, unknown>[]).map(
        ({ subject, type, account_token_position: token, response_type }) => [subject, type, token, response_type],
      );
    assert.deepEqual(subjects(system), subjects(expected));
    assert.deepEqual(system.nats["limits"], expected.nats["limits"]);
    assert.equal(nsc.read(operator.systemUserJwt).iss, operator.systemAccount);
  });

  it("says by its flags what we say by the same names", () => {
    const flags = (values: Record<string, string>): string[] =>
      Object.entries(values).flatMap(([name, value]) => [`--${name}=${value}`]);
    nsc.run("add", "account", "plain");
    const plain = nsc.read(nsc.stored("MyOperator/accounts/plain/plain.jwt"));
    assert.deepEqual(ourAccount({ name: "plain" }).nats, plain.nats);

    nsc.run("add", "account", "core");
    // One call: each edit of nsc puts the flags back that it is not given.
    nsc.run(
      "edit",
      "account",
      "core",
      ...flags({
        conns: "7",
        "leaf-conns": "2",
        data: "1000",
        payload: "2000",
        subscriptions: "50",
        imports: "3",
        exports: "4",
        description: "core",
        "info-url": "http://localhost",
        tag: "A,b",
        "disallow-bearer": "true",
        "wildcard-exports": "false",
        "allow-pub": "a,b.>",
        "deny-sub": "c",
        "allow-pub-response": "5",
        "response-ttl": "30s",
        "trace-context-subject": "t",
        "trace-context-sampling": "20",
        "js-disk-storage": "1gib",
        "js-mem-storage": "-1",
        "js-streams": "5",
        "js-consumer": "6",
        "js-max-ack-pending": "7",
        "js-max-disk-stream": "1000",
        "js-max-mem-stream": "2000",
        "js-max-bytes-required": "true",
      }),
    );
    const core = ourAccount({
      name: "core",
      conns: 7,
      leafConns: 2,
      data: "1000",
      payload: "2000",
      subscriptions: 50,
      maxImports: 3,
      maxExports: 4,
      description: "core",
      infoUrl: "http://localhost",
      tag: ["A", "b"],
      disallowBearer: true,
      wildcardExports: false,
      defaultPermissions: { allowPub: ["a", "b.>"], denySub: ["c"], allowPubResponse: 5, responseTtl: "30s" },
      traceContextSubject: "t",
      traceContextSampling: 20,
      jsDiskStorage: "1GiB",
      jsMemStorage: -1,
      jsStreams: 5,
      jsConsumer: 6,
      jsMaxAckPending: 7,
      jsMaxDiskStream: "1000",
      jsMaxMemStream: "2000",
      jsMaxBytesRequired: true,
    });
    assert.deepEqual(core.nats, nsc.read(nsc.stored("MyOperator/accounts/core/core.jwt")).nats);

    nsc.run("add", "account", "trade");
    nsc.run("add", "export", "--account=trade", ...flags({ subject: "orders.>", name: "orders" }));
    nsc.run(
      "add",
      "export",
      "--account=trade",
      "--service",
      ...flags({
        subject: "price.*",
        name: "price",
        "response-type": "Stream",
        latency: "lat",
        sampling: "30",
        "account-token-position": "2",
      }),
    );
    nsc.run(
      "add",
      "import",
      "--account=trade",
      ...flags({ "src-account": other, "remote-subject": "news.>", "local-subject": "local.news.>", name: "news" }),
    );
    nsc.run("add", "mapping", "--account=trade", ...flags({ from: "a", to: "b", weight: "40" }));
    const trade = ourAccount({
      name: "trade",
      exports: [
        { subject: "orders.>", name: "orders" },
        {
          subject: "price.*",
          name: "price",
          service: true,
          responseType: "Stream",
          latency: "lat",
          sampling: 30,
          accountTokenPosition: 2,
        },
      ],
      imports: [{ srcAccount: other, remoteSubject: "news.>", localSubject: "local.news.>", name: "news" }],
      mappings: { a: [{ to: "b", weight: 40 }] },
    });
    assert.deepEqual(trade.nats, nsc.read(nsc.stored("MyOperator/accounts/trade/trade.jwt")).nats);

    nsc.run(
      "add",
      "user",
      "--account=plain",
      "--name=u",
      ...flags({
        "allow-pub": "a",
        "allow-sub": "b.>,q workers",
        "deny-pub": "c",
        "deny-sub": "d",
        "allow-pub-response": "3",
        "response-ttl": "1m",
        bearer: "true",
        "source-network": "10.0.0.0/8",
        tag: "x",
      }),
    );
    nsc.run(
      "edit",
      "user",
      "--account=plain",
      "--name=u",
      ...flags({
        data: "1000",
        payload: "100",
        subs: "5",
        time: "08:00:00-18:00:00",
        locale: "Europe/Berlin",
        "conn-type": "STANDARD",
      }),
    );
    const ours = ourUser({
      name: "u",
      allowPub: ["a"],
      allowSub: ["b.>", "q workers"],
      denyPub: ["c"],
      denySub: ["d"],
      allowPubResponse: 3,
      responseTtl: "1m",
      bearer: true,
      sourceNetwork: ["10.0.0.0/8"],
      tag: ["x"],
      data: "1000",
      payload: "100",
      subs: 5,
      time: ["08:00:00-18:00:00"],
      locale: "Europe/Berlin",
      connType: ["STANDARD"],
    });
    const theirs = nsc.read(nsc.stored("MyOperator/accounts/plain/users/u.jwt"));
    assert.deepEqual(ours.nats, theirs.nats);
  });

  it("writes claims that we read, signature and all", () => {
    const jwt = nsc.stored("MyOperator/accounts/trade/trade.jwt");
    assert.equal(readClaims(jwt)?.name, "trade");
    const [head, body, signature] = jwt.split(".") as [string, string, string];
    assert.equal(
      readClaims(`${head}.${body}.${Buffer.from(signature, "base64url").reverse().toString("base64url")}`),
      undefined,
    );
  });
});
