import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { NatsConnection } from "nats";
import type { Cluster } from "../../components/cluster";
import { openConnection } from "../../provider/apply/connect";
import { mergeConnection } from "../../provider/model/connection";
import type { AccountServers } from "../../provider/model/jwt/accountServers";
import { Account } from "../../provider/resources/account";
import type { AccountArgs } from "../../provider/resources/account";
import { Operator } from "../../provider/resources/operator";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { User } from "../../provider/resources/user";
import { tryOut } from "./tryOut";
import { untilHeard } from "./untilHeard";

export interface WalkUsers {
  readonly account: Account;
  readonly nexus: User;
  readonly solaris: User;
}

/**
 * An operator, an account with JetStream and two users on whatever cluster takes the operator, as nsc's users make them by hand;
 * `further` makes what a test wants beside them.
 */
export function accountsWalk(
  clusterOf: (operator: Operator) => Cluster,
  account: Partial<AccountArgs> = {},
  further: (users: WalkUsers) => void = () => undefined,
): PulumiFn {
  return async () => {
    const operator = new Operator("MyOperator");
    const cluster = clusterOf(operator);
    const streamCore = new Account("stream-core", {
      cluster,
      sk: "generate",
      jsDiskStorage: -1,
      jsConsumer: -1,
      jsStreams: -1,
      ...account,
    });
    const nexus = new User("nexus", { account: streamCore, allowPub: ["my.topic"], allowSub: ["my.topic"] });
    const solaris = new User("solaris", {
      account: streamCore,
      allowSub: ["staging.tunnel.inbound", "staging.private.solaris.>", "_INBOX.>"],
      allowPub: ["staging.tunnel.outbound", "staging.private.solaris.>", "audit", "$JS.API.>"],
    });
    further({ account: streamCore, nexus, solaris });
    const provider = new Provider("solaris", {
      servers: cluster.urls,
      through: cluster,
      creds: solaris.creds,
      tls: { ca: cluster.caCertificate },
    });
    new Stream(
      "PRIVATE",
      { subjects: ["staging.private.solaris.>"], replicas: 3 },
      { provider, deletedWith: streamCore },
    );
    return {
      pushed: streamCore.pushed,
      servers: pulumi.secret(cluster.accountServers),
      nexus: nexus.creds,
      solaris: solaris.creds,
    };
  };
}

/** What each user can and can't do, on every server. */
export async function holdAccountsWalk(outputs: Readonly<Record<string, unknown>>): Promise<void> {
  const [servers] = outputs["servers"] as readonly AccountServers[];
  assert.deepEqual(Object.keys(outputs["pushed"] as object), [servers!.cluster]);
  for (const url of servers!.urls) {
    await tryOut(
      await enter(url, "nexus"),
      { publish: ["my.topic", "audit", "$JS.API.INFO"], subscribe: ["my.topic", "my.>", "_INBOX.x"] },
      ["publish $JS.API.INFO", "publish audit", "subscription _INBOX.x", "subscription my.>"],
    );
    await tryOut(
      await enter(url, "solaris"),
      {
        publish: ["audit", "staging.private.solaris.a", "my.topic"],
        subscribe: ["staging.tunnel.inbound", "_INBOX.x", "audit"],
      },
      ["publish my.topic", "subscription audit"],
    );
  }
  const client = await enter(servers!.urls.at(-1)!, "solaris");
  const { stream } = await client.jetstream().publish("staging.private.solaris.log", "entry", untilHeard);
  assert.equal(stream, "PRIVATE");
  await client.close();

  async function enter(url: string, user: "nexus" | "solaris"): Promise<NatsConnection> {
    const { ca, through } = servers!;
    const settings = {
      servers: [url],
      creds: String(outputs[user]),
      // A pool's connection is shared: each trial wants its own.
      name: `${user} ${Math.random()}`,
      ...(ca === undefined ? {} : { tls: { ca } }),
      ...(through === undefined ? {} : { through }),
    };
    return openConnection(mergeConnection([{ origin: "the test", settings, scope: 1 }]));
  }
}
