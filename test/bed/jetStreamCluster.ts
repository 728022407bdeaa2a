import { freePorts } from "./freePorts";
import { NatsServer } from "./natsServer";

/** Three servers n0, n1, n2 of one cluster C; the first has the tag "old", the others "new". */
export async function startJetStreamCluster(version: string): Promise<NatsServer[]> {
  const ports = await freePorts(3);
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
  return Promise.all(
    ports.map((port, index) =>
      NatsServer.start(
        `port: -1\nserver_name: n${index}\nserver_tags: ["n:${index}", "${index === 0 ? "old" : "new"}"]
jetstream { store_dir: "{dir}/js" }
cluster { name: C, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
        version,
      ),
    ),
  );
}
