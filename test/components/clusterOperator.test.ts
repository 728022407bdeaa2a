import assert from "node:assert/strict";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { thisMachine } from "../../components/thisMachine";
import { problemText } from "../../provider/errors";
import type { Problem } from "../../provider/errors";
import { newOperator } from "../bed/operatorServer";
import { register } from "./mocks";
import type { Registered } from "./mocks";

const operator = newOperator("acme");
const target = thisMachine({ servers: 3, dir: "/var/lib/nats-of-a-test" });

async function serversOf(args: Omit<ClusterArgs, "target">): Promise<Registered["inputs"]> {
  const all = await register(() => void new Cluster("east", { target, ...args }));
  return all.find(({ type }) => type.endsWith(":Servers"))!.inputs;
}

/** A value without the mark that it is a secret. */
function plain<T>(value: unknown): T {
  const secret = value as { value?: T } | undefined;
  return (secret && typeof secret === "object" && "value" in secret ? secret.value : value) as T;
}

describe("a cluster with an operator", () => {
  it("trusts it, keeps all accounts on every server, and is managed by the system account's user", async () => {
    const inputs = await serversOf({ operator, jetstream: {}, config: { resolver: { limit: 500, interval: "1m" } } });
    const config = plain<string>(inputs["config"]);
    assert.match(config, new RegExp(`^operator: "${operator.jwt}"$`, "m"));
    assert.match(config, new RegExp(`^system_account: "${operator.systemAccount}"$`, "m"));
    assert.match(
      config,
      /resolver \{\n {2}type: "full"\n {2}dir: "data\/jwt"\n {2}allow_delete: true\n {2}interval: "1m"\n {2}limit: 500\n\}/,
    );
    assert.match(
      config,
      new RegExp(`resolver_preload \\{\\n {2}${operator.systemAccount}: "${operator.systemAccountJwt}"\\n\\}`),
    );
    assert.doesNotMatch(config, /accounts|authorization \{\n {4}users|no_auth_user|MANAGEMENT/);
    const management = plain<{ creds: unknown; seed?: unknown }>(inputs["management"]);
    assert.equal(plain(management.creds), operator.systemCreds);
    assert.equal(management.seed, undefined);
    assert.deepEqual(plain(inputs["problems"]), []);
  });

  const cases: readonly (readonly [what: string, args: Omit<ClusterArgs, "target">, expected: RegExp])[] = [
    [
      "accounts",
      { accounts: { APP: {} } },
      /^accounts: accounts can't be declared beside an operator, which issues them\. Fix: new nats\.Account\("APP", \{ cluster \}\)$/,
    ],
    [
      "users",
      { authorization: { users: [{ user: "a", password: "secret-1" }] } },
      /^authorization\.users: users can't be declared beside an operator.*Fix: new nats\.User/,
    ],
    ["a token", { authorization: { token: "secret-1" } }, /^authorization\.token: users can't be declared/],
    [
      "another resolver",
      { config: { resolver: "MEMORY" } },
      /^config\.resolver: accounts are pushed to every server.*Fix: resolver: \{ type: "full" \}/,
    ],
    [
      "a resolver that deletes nothing",
      { config: { resolver: { allowDelete: false } } },
      /^config\.resolver\.allowDelete: without it no nats\.Account could be deleted/,
    ],
    [
      "a system account",
      { config: { systemAccount: "$SYS" } },
      /^config\.systemAccount: the cluster's operator says it/,
    ],
    [
      "an operator in nats.conf's words",
      { config: { operator: "op.jwt" } },
      /^config\.operator: the cluster's operator says it/,
    ],
  ];
  for (const [what, args, expected] of cases) {
    it(`refuses ${what} beside it`, async () => {
      const { problems } = await serversOf({ operator, ...args });
      const all = plain<readonly Problem[]>(problems).map((problem) => `${problem.path}: ${problemText(problem)}`);
      assert.equal(all.length, 1, all.join("\n"));
      assert.match(all[0]!, expected);
    });
  }

  it("is the only way to an operator", async () => {
    const { problems } = await serversOf({
      config: { operator: operator.jwt, resolver: { type: "full", dir: "jwt" } },
    });
    const paths = plain<readonly Problem[]>(problems).map(({ path }) => path);
    assert.ok(paths.includes("config.operator") && paths.includes("config.resolver"), paths.join());
  });
});
