// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Size } from "../units";

/** Name and addresses of a server, its monitoring and its logs. */
export interface IdentitySettings {
  /**
   * Client listener address; sets host and port together. Default 0.0.0.0:4222.
   * A change restarts the servers one by one.
   * Refused for host and for port changes (Host / Port). -1 = random port; random stays what it was on reload.
   */
  readonly listen?: number | `${string}:${number}`;
  /**
   * Bind address of the client listener. Default 0.0.0.0.
   * A change restarts the servers one by one.
   */
  readonly host?: string;
  /**
   * Client listener port; -1 random. Default 4222.
   * A change restarts the servers one by one.
   */
  readonly port?: number;
  /**
   * Address given to clients and peers instead of the bind address.
   * A change is reloaded.
   * New INFO only to new/updated connections; log line uses prefix "Reload:".
   */
  readonly clientAdvertise?: string;
  /**
   * Unique name in the (super)cluster; no spaces. Identity of a JetStream peer (peer id is a hash of it). Default
   * server id.
   * A change makes a new JetStream peer: new identity.
   * Treat a change as replace: new JetStream peer, old one stays as a ghost until peer-remove. A server started
   * with -n NAME can never reload, because the flag is not merged at reload: put the name in the file.
   */
  readonly serverName?: string;
  /**
   * Tags for placement and for unique_tag. Default [].
   * A change is reloaded.
   * Applied and published (statsz) on reload; placement of existing assets is not re-evaluated.
   */
  readonly serverTags?: string | readonly string[];
  /**
   * Free key/values shown in monitoring replies. Default {}. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly serverMetadata?: { readonly [name: string]: string };
  /**
   * Opt in/out of behaviours. 2.15.2 knows js_ack_fc_v2 (false), js_api_reply_v2 (false), js_raft_delete_range
   * (true since 2.15.0), js_snapshot_sources (false). Unknown flags are only logged as unsupported. Default see
   * note. Since nats-server 2.14.0.
   * A change restarts the servers one by one.
   * js_raft_delete_range=true must not run beside peers older than 2.14.0 (they panic on apply): set it to false
   * before a rolling upgrade from <2.14 to 2.15, remove it afterwards. js_snapshot_sources only when every peer is
   * >=2.15.0.
   */
  readonly featureFlags?: { readonly [name: string]: boolean };
  /**
   * Monitoring listener.
   * A change restarts the servers one by one.
   * Adding, changing or removing the monitoring port is refused (HTTPHost/HTTPPort).
   */
  readonly http?: number | `${string}:${number}`;
  /**
   * Monitoring port on the client host. Default 0.
   * A change restarts the servers one by one.
   */
  readonly httpPort?: number;
  /**
   * TLS monitoring listener (uses top-level tls).
   * A change restarts the servers one by one.
   * Served certificate follows reloads.
   */
  readonly https?: number | `${string}:${number}`;
  /**
   * TLS monitoring port. Default 0.
   * A change restarts the servers one by one.
   * -ms flag is not merged at reload (source).
   */
  readonly httpsPort?: number;
  /**
   * Prefix for monitoring paths. Default /.
   * A change restarts the servers one by one.
   */
  readonly httpBasePath?: string;
  /**
   * PID file.
   * A change is reloaded.
   * Written again on reload to a new path; old one is not removed.
   */
  readonly pidFile?: string;
  /**
   * Directory for the <exe>_<pid>.ports file.
   * A change is reloaded.
   */
  readonly portsFileDir?: string;
  /**
   * pprof HTTP port. Default 0.
   * A change restarts the servers one by one.
   */
  readonly profPort?: number;
  /**
   * Block profiling rate. Default 0. Since nats-server 2.10.2.
   * A change is reloaded.
   */
  readonly profBlockRate?: number;
  /**
   * Debug logging. Default false.
   * A change is reloaded.
   * Explicit command line flag wins over the file at every reload.
   */
  readonly debug?: boolean;
  /**
   * Protocol trace. Default false.
   * A change is reloaded.
   */
  readonly trace?: boolean;
  /**
   * Trace incl. system account; also sets trace. Default false.
   * A change is reloaded.
   */
  readonly traceVerbose?: boolean;
  /**
   * Trace headers only; also sets trace. Default false. Since nats-server 2.11.2.
   * A change is reloaded.
   */
  readonly traceHeaders?: boolean;
  /**
   * Timestamp log lines. Default true.
   * A change is reloaded.
   */
  readonly logtime?: boolean;
  /**
   * UTC timestamps. Default false. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly logtimeUtc?: boolean;
  /**
   * Log file. Default stderr.
   * A change is reloaded.
   * New file opened at reload. SIGUSR1 re-opens it for external rotation.
   */
  readonly logFile?: string;
  /**
   * Self-rotation size. Default 0 (off).
   * A change restarts the servers one by one.
   */
  readonly logSizeLimit?: Size;
  /**
   * Number of rotated files kept. Default 0 (keep all). Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly logMaxNum?: number;
  /**
   * Log to syslog. Default false.
   * A change is reloaded, and can end the server.
   * Accepted at reload, but the PROCESS EXITS if no syslog daemon is reachable.
   */
  readonly syslog?: boolean;
  /**
   * Remote syslog address.
   * A change is reloaded.
   * Same exit risk as syslog (source).
   */
  readonly remoteSyslog?: string;
  /**
   * Log every Nth failed first connect of routes/gateways/leafs. Default 3600.
   * A change is reloaded.
   */
  readonly connectErrorReports?: number;
  /**
   * Log every Nth failed reconnect. Default 1.
   * A change is reloaded.
   */
  readonly reconnectErrorReports?: number;
}
