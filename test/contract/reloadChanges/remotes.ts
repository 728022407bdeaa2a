import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const remotes = (...list: string[]) => `leafnodes { remotes: [${list.join(", ")}] }`;
const remote = (more = "", url = "nats-leaf://127.0.0.1:{p1}") => `{ url: "${url}"${more === "" ? "" : `, ${more}`} }`;
const other = remote("", "nats-leaf://127.0.0.1:{p2}");
const accounts = "accounts { {system}, A {}, B {} }";

export const remotesChanges: readonly ReloadChange[] = [
  { name: "the first remote", from: "", to: remotes(remote()) },
  { name: "the last remote goes", from: remotes(remote()), to: "" },
  {
    name: "the first remote beside a listener",
    from: 'leafnodes { listen: "127.0.0.1:-1" }',
    to: `leafnodes { listen: "127.0.0.1:-1", remotes: [${remote()}] }`,
  },
  { name: "a second remote", from: remotes(remote()), to: remotes(remote(), other) },
  { name: "one of two remotes goes", from: remotes(remote(), other), to: remotes(remote()) },
  { name: "remotes in another order", from: remotes(remote(), other), to: remotes(other, remote()) },
  { name: "a remote's url changes", from: remotes(remote()), to: remotes(other) },
  {
    name: "a remote's password changes",
    from: remotes(remote("", "nats-leaf://u:hush-l@127.0.0.1:{p1}")),
    to: remotes(remote("", "nats-leaf://u:hush-m@127.0.0.1:{p1}")),
  },
  {
    name: "a remote's credentials file appears",
    from: remotes(remote()),
    to: remotes(remote('credentials: "{fixtures}/leaf1.creds"')),
  },
  {
    name: "a remote's credentials file changes",
    from: remotes(remote('credentials: "{fixtures}/leaf1.creds"')),
    to: remotes(remote('credentials: "{fixtures}/leaf2.creds"')),
  },
  {
    name: "a remote's nkey changes",
    from: remotes(remote('nkey: "{userSeed}"')),
    to: remotes(remote('nkey: "{otherUserSeed}"')),
  },
  {
    name: "a remote's account changes",
    from: `${remotes(remote("account: A"))}\n${accounts}`,
    to: `${remotes(remote("account: B"))}\n${accounts}`,
  },
  { name: "url or urls of one", from: remotes(remote()), to: remotes('{ urls: ["nats-leaf://127.0.0.1:{p1}"] }') },
  { name: "a remote is disabled", from: remotes(remote()), to: remotes(remote("disabled: true")), since: "2.12" },
  { name: "a remote becomes a hub", from: remotes(remote()), to: remotes(remote("hub: true")) },
  { name: "deny_imports of a remote", from: remotes(remote()), to: remotes(remote('deny_imports: ["x"]')) },
  { name: "deny_exports of a remote", from: remotes(remote()), to: remotes(remote('deny_exports: "x"')) },
  { name: "no_randomize of a remote", from: remotes(remote()), to: remotes(remote("no_randomize: true")) },
  { name: "first_info_timeout of a remote", from: remotes(remote()), to: remotes(remote('first_info_timeout: "3s"')) },
  {
    name: "dial_timeout of a remote",
    from: remotes(remote()),
    to: remotes(remote('dial_timeout: "3s"')),
    since: "2.14",
  },
  {
    name: "ignore_discovered_servers of a remote",
    from: remotes(remote()),
    to: remotes(remote("ignore_discovered_servers: true")),
    since: "2.14",
  },
  {
    name: "request_isolation of a remote",
    from: remotes(remote()),
    to: remotes(remote("request_isolation: true")),
    since: "2.12",
  },
  {
    name: "isolate_leafnode_interest of a remote",
    from: remotes(remote()),
    to: remotes(remote("isolate_leafnode_interest: true")),
    since: "2.12",
  },
  {
    name: "jetstream_cluster_migrate of a remote",
    from: remotes(remote()),
    to: remotes(remote("jetstream_cluster_migrate: true")),
  },
  { name: "compression of a remote", from: remotes(remote()), to: remotes(remote("compression: off")) },
  { name: "ws_compression of a remote", from: remotes(remote()), to: remotes(remote("ws_compression: true")) },
  { name: "a remote's tls appears", from: remotes(remote()), to: remotes(remote(tlsA())) },
  { name: "a remote's tls disappears", from: remotes(remote(tlsA())), to: remotes(remote()) },
  {
    name: "a remote's tls appears with another url",
    from: remotes(remote()),
    to: remotes(remote(tlsA(), "tls://127.0.0.1:{p1}")),
  },
  { name: "a remote's certificate changes", from: remotes(remote(tlsA())), to: remotes(remote(tlsB())) },
  { name: "a remote's tls timeout", from: remotes(remote(tlsA())), to: remotes(remote(tlsA("timeout: 5"))) },
  {
    name: "a remote's tls handshake_first",
    from: remotes(remote(tlsA())),
    to: remotes(remote(tlsA("handshake_first: true"))),
  },
  {
    name: "a remote's proxy appears",
    from: remotes(remote("", "ws://127.0.0.1:{p1}")),
    to: remotes(remote('proxy { url: "http://127.0.0.1:{p2}" }', "ws://127.0.0.1:{p1}")),
    since: "2.12",
  },
  {
    name: "a remote's proxy password changes",
    from: remotes(
      remote('proxy { url: "http://127.0.0.1:{p2}", username: u, password: hush-p }', "ws://127.0.0.1:{p1}"),
    ),
    to: remotes(remote('proxy { url: "http://127.0.0.1:{p2}", username: u, password: hush-q }', "ws://127.0.0.1:{p1}")),
    since: "2.12",
  },
];
