import type { Jsz, Routez } from "../../provider/apply/serverAnswers";
import { SystemConnection } from "../../provider/apply/systemConnection";
import { waitFor } from "../../provider/apply/wait";
import type { AccountServers } from "../../provider/model/jwt/accountServers";
import { issueOperator } from "../../provider/resources/operatorIssue";
import type { OperatorState } from "../../provider/resources/operatorIssue";
import { freePorts } from "./freePorts";
import { NatsServer } from "./natsServer";

export interface OperatorBed {
  readonly operator: OperatorState;
  readonly servers: readonly NatsServer[];
  /** As accounts get onto these servers. */
  readonly access: AccountServers;
  stop(): Promise<void>;
}

export function newOperator(name: string): OperatorState {
  return issueOperator({ name, sk: "generate" }, undefined, Math.floor(Date.now() / 1000));
}

export interface OperatorServerOptions {
  readonly count?: number;
  readonly version?: string;
  /** Further lines of nats.conf. Default JetStream. */
  readonly config?: string;
}

/** Servers that trust an operator, with a full resolver each; several are routed together. */
export async function startOperatorServers(
  cluster: string,
  operator: OperatorState,
  {
    count = 1,
    version,
    config = 'jetstream { store_dir: "{dir}/js", max_file: 1GB, max_mem: 64MB }',
  }: OperatorServerOptions = {},
): Promise<OperatorBed> {
  const names = Array.from({ length: count }, (_, index) => `${cluster}-${index + 1}`);
  const ports = count === 1 ? [] : await freePorts(count);
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join();
  const start = (name: string, index: number): Promise<NatsServer> => {
    const mesh =
      count === 1 ? "" : `cluster { name: ${cluster}, listen: "127.0.0.1:${ports[index]}", routes: [${routes}] }`;
    const text = `
server_name: ${name}
listen: "127.0.0.1:-1"
operator: "${operator.jwt}"
system_account: ${operator.systemAccount}
resolver { type: full, dir: "{dir}/jwt", allow_delete: true }
resolver_preload { ${operator.systemAccount}: "${operator.systemAccountJwt}" }
${mesh}
${config}
`;
    return NatsServer.start(text, version);
  };
  const servers = await Promise.all(names.map(start));
  if (count > 1) await Promise.all(names.map((name, index) => untilJoined(name, servers[index]!, operator, count)));
  const access = { cluster, names, urls: servers.map((server) => server.url), creds: operator.systemCreds };
  return {
    operator,
    servers,
    access,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Until it is routed to all others, sees JetStream led, and, where it leads, has everyone current: who is not there yet hears nothing. */
async function untilJoined(
  node: string,
  { url }: NatsServer,
  { systemCreds: creds }: OperatorState,
  count: number,
): Promise<void> {
  const connection = await SystemConnection.open({ node, url, management: { creds } }, 20_000);
  try {
    await waitFor(`${node} among ${count}`, { timeout: 90_000 }, async () => {
      const { routes = [] } = await connection.ask<Routez>("ROUTEZ", {}, 20_000);
      const routed = new Set(routes.map(({ remote_name }) => remote_name)).size;
      const { disabled, meta_cluster: meta } = await connection.ask<Jsz>("JSZ", {}, 20_000);
      const current = meta?.replicas?.filter((replica) => replica.current).length ?? 0;
      const isLed = disabled || (meta?.leader !== undefined && (meta.leader !== node || current === count - 1));
      return routed === count - 1 && isLed ? { value: true } : { pending: JSON.stringify({ routed, meta }) };
    });
  } finally {
    await connection.close();
  }
}
