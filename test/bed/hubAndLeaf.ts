import { connect } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { waitFor } from "../../provider/apply/wait";
import { freePorts } from "./freePorts";
import { NatsServer } from "./natsServer";

export interface HubAndLeaf {
  /** JetStream domain "hub". */
  readonly hub: NatsServer;
  /** Domain "leaf". */
  readonly leaf: NatsServer;
}

/** Two servers with a JetStream domain each, joined by a leaf node's connection. */
export async function startHubAndLeaf(): Promise<HubAndLeaf> {
  const [port] = await freePorts(1);
  const hub = await NatsServer.start(
    `port: -1\nserver_name: hub\njetstream { store_dir: "{dir}/js", domain: hub }\nleafnodes { listen: "127.0.0.1:${port}" }`,
  );
  const leaf = await NatsServer.start(
    `port: -1\nserver_name: leaf\njetstream { store_dir: "{dir}/js", domain: leaf }\n` +
      `leafnodes { remotes: [{ url: "nats-leaf://127.0.0.1:${port}" }] }`,
  );
  const through = await connect({ servers: leaf.url });
  await waitFor("the leaf node's connection", { timeout: 60_000 }, async () => {
    const found = await new JetStream(through, { domain: "hub", timeout: 300 })
      .accountInfo()
      .catch((error: Error) => error);
    return found instanceof Error ? { pending: found.message } : { value: found };
  });
  await through.close();
  return { hub, leaf };
}
