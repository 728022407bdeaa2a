import type * as pulumi from "@pulumi/pulumi";
import type { Listener } from "../provider/model/cluster";

/** One host of {@link hosts}. */
export interface HostArgs {
  /**
   * IP address or DNS name by which the other servers dial this one, and clients where there is no `advertise`. May come from a machine
   * of the same program, such as `vm.privateIp`. A change restarts the servers one by one; one that leads to another machine, which
   * does not hold the server's data, is refused.
   */
  readonly address: pulumi.Input<string>;
  /**
   * server_name, unique in the cluster: letters, digits, "-" and "_". Default `<cluster>-<n>` by its place in the list; give names to take
   * a host out of the middle, or to replace its machine. The name is the server's identity: another one is another server. It is never
   * an Output.
   */
  readonly name?: string;
  /** How to reach it over ssh; what is not given here is taken from the target's own `ssh`. A change touches no server. */
  readonly ssh?: HostSshArgs;
  /** Address that clients, gateways and leaf nodes dial and are told, where it is not `address`: a public one, say. A change restarts this server. */
  readonly advertise?: pulumi.Input<string>;
  /** Ports of this host, over the target's. A change restarts this server. */
  readonly ports?: Partial<Record<Listener, number>>;
}

/** Options of {@link hosts}, the same for all of them. */
export interface HostsOptions {
  /** How to reach the hosts over ssh. */
  readonly ssh?: HostSshArgs;
  /**
   * Port by listener. Default client 4222, monitor 8222, cluster 6222, gateway 7222, leafnodes 7422, websocket 8080, mqtt 1883.
   * A change restarts the servers one by one.
   */
  readonly ports?: Partial<Record<Listener, number>>;
  /**
   * Address to listen on: "0.0.0.0" (default, all IPv4 ones), "::" (all), or "address" for each host's own alone. That goes for the
   * monitoring port too, where `monitorListen` says nothing else. A change restarts the servers one by one.
   */
  readonly listen?: string;
  /**
   * Address that the monitoring port listens on, which asks nobody for a password: "127.0.0.1" closes it to the network, so that only
   * what runs on the host (an exporter, `curl`) and `ssh -L 8222:127.0.0.1:8222 <host>` get there; `monitorUrls` then name that address.
   * An IP address, or "address" for each host's own. Default as `listen`. A change restarts the servers one by one.
   */
  readonly monitorListen?: string;
  /**
   * Where nats-server comes from: `{ url, sha256 }` of a plain binary, which each host fetches itself where it can; `{ file }` of this machine;
   * "installed" for what is on the host's PATH. Default the official release of the cluster's version for the host's architecture,
   * fetched by this machine and held against the release's checksums. A change restarts the servers one by one, and so does a file
   * that holds something else than before: its SHA-256 is compared.
   *
   * Errors in the preview: a version that is not to be had, another version than the cluster's, another architecture than a host's,
   * no such file, no nats-server on a host's PATH.
   */
  readonly binary?: HostBinary;
  /** User that the servers run as, made as a system user where it is not there. Default "nats". A change restarts the servers one by one. */
  readonly user?: string;
  /** Its group. Default the same name as the user. */
  readonly group?: string;
  /**
   * Folder on the hosts that holds one folder a server: configuration, certificates, and JetStream's files where there is no `dataDir`.
   * Default `/var/lib/nats/<cluster>`. A change is a new place for the data: refused while servers exist.
   */
  readonly dir?: string;
  /** Folder on the hosts for JetStream's files alone, such as a mounted disk, with one folder a server. Refused while servers exist, like `dir`. */
  readonly dataDir?: string;
}

/** Where nats-server comes from: see {@link HostsOptions.binary}. */
export type HostBinary = { readonly url: string; readonly sha256: string } | { readonly file: string } | "installed";

/** How to reach a host over ssh. Texts of keys and passwords are kept as secrets. A change of any of it touches no server. */
export interface HostSshArgs {
  /** Address to connect to. Default the host's `address`. */
  readonly address?: pulumi.Input<string>;
  /** Port of its sshd, 1 to 65535. Default 22. */
  readonly port?: pulumi.Input<number>;
  /** User to log in as. Default the user that runs `pulumi`. */
  readonly user?: pulumi.Input<string>;
  /** Text (not the path) of a private key in PEM or OpenSSH form. Default: the agent, then the keys of `~/.ssh`. */
  readonly privateKey?: pulumi.Input<string>;
  /** Opens `privateKey`, or the key files in `~/.ssh`, where they are encrypted. */
  readonly passphrase?: pulumi.Input<string>;
  /** Password of the user, tried after the keys. */
  readonly password?: pulumi.Input<string>;
  /** Whether the ssh agent is asked, or the path of its socket. Default true where SSH_AUTH_SOCK is set and neither key nor password is given. */
  readonly agent?: string | boolean;
  /** The host's own key: its fingerprint "SHA256:…", or "ssh-ed25519 AAAA…". Default: what known_hosts says; an unknown host is an error. */
  readonly hostKey?: pulumi.Input<string>;
  /** Path of a known_hosts file, read where `pulumi` runs. Default `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`. */
  readonly knownHostsFile?: pulumi.Input<string>;
  /** How another user than root becomes root: sudo without a password (true, the default), with it, or not at all (false). */
  readonly sudo?: boolean | { readonly password?: pulumi.Input<string> };
  /** The host that leads there, as `ssh -J`, with settings of its own. */
  readonly proxyJump?: HostSshArgs & { readonly address: pulumi.Input<string> };
  /** Longest wait for a connection with its login, a Go duration. Default "15s". */
  readonly connectTimeout?: string;
  /**
   * How long `up` waits for a host that is new to the cluster and still boots: while nothing there speaks ssh (refused, no answer, no route,
   * no such name yet) it tries again. A Go duration, "0s" for not at all. Default "3m". A preview never waits, and an unknown or changed
   * host key, or a login that is refused, is an error at once.
   */
  readonly bootTimeout?: string;
}
