import { isIP } from "node:net";
import type { Authenticator, ConnectionOptions, NatsConnection, TlsOptions } from "nats";
import { NatsError } from "../errors";
import type { ConnectionAuth, ConnectionModel } from "../model/connection";
import { connectFailure, serverFailure } from "./connectFailure";
import type { ServerFailure } from "./connectFailure";
import { serverGreeting } from "./connectGreeting";
import { resolveConnection } from "./connectSettings";
import { closeDialers, dialerOf } from "./dialers";
import { rememberLogin } from "./loginClaims";
import { connectNats } from "./natsClient";
import type { ClientOptions } from "./natsClient";
import { hostOf, serverIdentity } from "./serverIdentity";

/** One for each distinct way in, shared by everything in this process. */
const pool = new Map<string, Promise<NatsConnection>>();
const models = new WeakMap<ReadonlyMap<string, string>, ConnectionModel>();

/** The shared connection of a configuration (CallContext.config): opened when first asked for, reconnecting, closed at the end. */
export async function connectionFor(config: ReadonlyMap<string, string>): Promise<NatsConnection> {
  return openConnection(connectionModel(config));
}

/** How the connection of a configuration looks: its servers, domain, timeout. Reads files and the environment once. */
export function connectionModel(config: ReadonlyMap<string, string>): ConnectionModel {
  const known = models.get(config);
  if (known) return known;
  const model = resolveConnection(config);
  models.set(config, model);
  return model;
}

/** Like {@link connectionFor}, with the way in already known. */
export async function openConnection(model: ConnectionModel): Promise<NatsConnection> {
  const { origins: _origins, ...essence } = model;
  const key = JSON.stringify(essence);
  const open = pool.get(key);
  if (open) return open;
  const opening = dial(model);
  pool.set(key, opening);
  const forget = (): void => {
    if (pool.get(key) === opening) pool.delete(key);
  };
  opening.then((connection) => void connection.closed().then(forget), forget);
  return opening;
}

/** Drains and closes every connection of this process. */
export async function closeConnections(): Promise<void> {
  const all = [...pool.values()];
  pool.clear();
  await Promise.allSettled(
    all.map(async (opening) => {
      const connection = await opening;
      if (!connection.isClosed()) await connection.drain();
    }),
  );
  await closeDialers();
}

async function dial(model: ConnectionModel): Promise<NatsConnection> {
  const options = await optionsOf(model);
  try {
    const connection = await connectNats(options).catch((error: NodeJS.ErrnoException) => {
      // Giving TLS options at all insists on TLS, so servers that may be plain are asked without them first.
      if (options.tls || error.code !== "ERR_TLS_CERT_ALTNAME_INVALID") throw error;
      return connectNats({ ...options, tls: tlsOptions(model) });
    });
    rememberLogin(connection, model.auth);
    return connection;
  } catch (error) {
    throw await explain(model, options, error);
  }
}

/** With several servers the client tells only how the last one failed: each is asked for its own reason. */
async function explain(model: ConnectionModel, options: ClientOptions, error: unknown): Promise<NatsError> {
  if (model.servers.length === 1) {
    return connectFailure(model, [await failureOf(model, model.servers[0]!, error)]);
  }
  const failures = await Promise.all(
    model.servers.map(async (server) => {
      try {
        const connection = await connectNats({ ...options, servers: [server], reconnect: false });
        await connection.close();
        return undefined;
      } catch (reason) {
        return failureOf(model, server, reason);
      }
    }),
  );
  const known = failures.filter((failure) => failure !== undefined);
  return connectFailure(model, known.length > 0 ? known : [serverFailure(model, model.servers.join(", "), error)]);
}

async function failureOf(model: ConnectionModel, server: string, error: unknown): Promise<ServerFailure> {
  // After TLS 1.3's handshake a refused client certificate looks like silence: what the server says of itself tells more.
  const silent =
    (error as { code?: string }).code === "TIMEOUT" || (error as { code?: string }).code === "CONNECTION_TIMEOUT";
  return serverFailure(
    model,
    server,
    error,
    silent ? await serverGreeting(server, Math.min(model.timeout, 1000), model.through) : undefined,
  );
}

async function optionsOf(model: ConnectionModel): Promise<ClientOptions> {
  const tls = model.tls || model.tlsRequired ? tlsOptions(model) : undefined;
  return {
    servers: [...model.servers],
    name: model.name,
    timeout: model.timeout,
    ...(await entryOf(model.auth)),
    ...(model.through ? { dialer: dialerOf(model.through) } : {}),
    ...(tls ? { tls } : {}),
    ...(model.inboxPrefix === undefined ? {} : { inboxPrefix: model.inboxPrefix }),
    // Through a whole rollout, in which each server restarts.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    // Servers gossip addresses that may not be reachable from here; the user's are.
    ignoreClusterUpdates: true,
  };
}

async function entryOf(auth: ConnectionAuth): Promise<Partial<ConnectionOptions>> {
  const { credsAuthenticator, jwtAuthenticator, nkeyAuthenticator } = await import("nats");
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const checked = (make: () => Authenticator): { authenticator: Authenticator } => {
    try {
      return { authenticator: make() };
    } catch {
      // The library's error may quote what it could not read.
      throw new NatsError(`the ${auth.kind} to enter NATS with can't be read: its seed or JWT is damaged`);
    }
  };
  switch (auth.kind) {
    case "none":
      return {};
    case "user":
      return { user: auth.user, pass: auth.password };
    case "token":
      return { token: auth.token };
    case "creds":
      return checked(() => credsAuthenticator(bytes(auth.creds)));
    case "nkey":
      return checked(() => nkeyAuthenticator(bytes(auth.seed)));
    case "jwt":
      return checked(() => jwtAuthenticator(auth.jwt, auth.seed === undefined ? undefined : bytes(auth.seed)));
  }
}

interface NodeTlsOptions extends TlsOptions {
  servername?: string;
  checkServerIdentity?: ReturnType<typeof serverIdentity>;
}

function tlsOptions(model: ConnectionModel): NodeTlsOptions {
  const { serverName, ...rest } = model.tls ?? {};
  return {
    ...rest,
    // TLS has no addresses as names.
    ...(serverName === undefined || isIP(serverName) !== 0 ? {} : { servername: serverName }),
    checkServerIdentity: serverIdentity(model.servers.map(hostOf), serverName),
  };
}
