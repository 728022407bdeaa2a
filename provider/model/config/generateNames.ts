/** How a block of nats.conf is called in a program, and the file that its type stands in. */
export interface BlockName {
  readonly name: string;
  readonly file: string;
  readonly doc: string;
  /** Location of the block whose keys it has too. */
  readonly base?: string;
}

/** The name of the block at a location: `accounts.*.users[]`. Blocks of one shape share a name. */
export function blockNames(location: string): BlockName {
  const tls = /(?:^|\.)(resolver_)?tls(\.certs\[\]|\.ocsp_peer)?$/.exec(location);
  if (location === "tls base")
    return { name: "TlsSettings", file: "tlsSettings", doc: "What every `tls { }` block takes." };
  if (tls?.[2] === ".certs[]")
    return { name: "CertificatePair", file: "tlsSettings", doc: "A certificate and its key: `tls { certs: [{ }] }`." };
  if (tls?.[2] === ".ocsp_peer")
    return {
      name: "OcspPeer",
      file: "tlsSettings",
      doc: "Check of peers' certificates by OCSP: `tls { ocsp_peer { } }`.",
    };
  if (tls) {
    const name = tlsNames[location];
    if (!name) throw new Error(`no name for ${location}`);
    return { name, file: "tlsConfig", doc: `\`${location} { }\`.`, base: "tls base" };
  }
  for (const [pattern, name, file, doc] of names) if (pattern.test(location)) return { name, file, doc };
  throw new Error(`no name for ${location}`);
}

const tlsNames: Readonly<Record<string, string>> = {
  tls: "ClientTls",
  "cluster.tls": "ClusterTls",
  "gateway.tls": "GatewayTls",
  "gateway.gateways[].tls": "RemoteGatewayTls",
  "leafnodes.tls": "LeafnodesTls",
  "leafnodes.remotes[].tls": "LeafnodeRemoteTls",
  "leafnodes.remotes[].proxy.tls": "LeafnodeProxyTls",
  "websocket.tls": "WebsocketTls",
  "mqtt.tls": "MqttTls",
  resolver_tls: "ResolverTls",
};

const names: readonly (readonly [RegExp, string, string, string])[] = [
  [/^$/, "ServerConfig", "serverConfig", "All of nats.conf, typed; property names are its keys in camelCase."],
  [
    /permissions\.(publish|subscribe|import|export)$/,
    "SubjectPermission",
    "userConfig",
    "Allowed and denied subjects.",
  ],
  [/permissions\.allow_responses$/, "ResponsePermission", "userConfig", "How far replies are allowed."],
  [/^cluster\.permissions$/, "RoutePermissions", "clusterConfig", "`cluster { permissions { } }`."],
  [/permissions$/, "Permissions", "userConfig", "What a user may publish and subscribe: `permissions { }`."],
  [/^leafnodes\.authorization\.users\[\]$/, "LeafnodeUser", "leafnodesConfig", "A user of the leafnode listener."],
  [/users\[\]$/, "UserConfig", "userConfig", "A user, by name and password or by nkey: `users: [{ }]`."],
  [/^authorization$/, "Authorization", "userConfig", "`authorization { }`: who may connect, outside accounts."],
  [/^authorization\.auth_callout$/, "AuthCallout", "userConfig", "`authorization { auth_callout { } }`."],
  [/^accounts\.\*$/, "AccountConfig", "accountConfig", "One account: `accounts { NAME { } }`."],
  [/^accounts\.\*\.limits$/, "AccountLimits", "accountConfig", "`accounts { NAME { limits { } } }`."],
  [/^accounts\.\*\.jetstream$/, "AccountJetStream", "accountConfig", "What of JetStream an account may use."],
  [/mappings\.\*(\[\])?$/, "MappingDestination", "accountConfig", "Where a part of a mapped subject's messages goes."],
  [/msg_trace$/, "MessageTrace", "accountConfig", "`msg_trace { }`: where traces go by default."],
  [/exports\[\]$/, "AccountExport", "accountConfig", "A stream or a service that other accounts may import."],
  [/exports\[\]\.latency$/, "ServiceLatency", "accountConfig", "Latency samples of a service."],
  [/imports\[\]$/, "AccountImport", "accountConfig", "A stream or a service of another account."],
  [/imports\[\]\.(stream|service)$/, "ImportSource", "accountConfig", "What is imported from which account."],
  [/^jetstream$/, "JetStreamBlock", "jetStreamConfig", "`jetstream { }`: the server's storage and limits."],
  [/^jetstream\.limits$/, "JetStreamLimits", "jetStreamConfig", "`jetstream { limits { } }`."],
  [/^jetstream\.limits\.batch$/, "BatchLimits", "jetStreamConfig", "`jetstream { limits { batch { } } }`."],
  [/^jetstream\.tpm$/, "Tpm", "jetStreamConfig", "`jetstream { tpm { } }`: encryption key in a TPM."],
  [/^cluster$/, "ClusterBlock", "clusterConfig", "`cluster { }`: routes between the servers of a cluster."],
  [/compression$/, "Compression", "clusterConfig", "`compression { }` of routes or leafnodes."],
  [/^(cluster|gateway)\.authorization$/, "RouteAuthorization", "clusterConfig", "One user for routes or gateways."],
  [/^gateway$/, "GatewayBlock", "gatewayConfig", "`gateway { }`: links between clusters."],
  [/^gateway\.gateways\[\]$/, "RemoteGateway", "gatewayConfig", "Another cluster: `gateway { gateways: [{ }] }`."],
  [/^leafnodes$/, "LeafnodesBlock", "leafnodesConfig", "`leafnodes { }`: listener for leafnodes and links to hubs."],
  [/^leafnodes\.authorization$/, "LeafnodeAuthorization", "leafnodesConfig", "`leafnodes { authorization { } }`."],
  [/^leafnodes\.remotes\[\]$/, "LeafnodeRemote", "leafnodesConfig", "A hub: `leafnodes { remotes: [{ }] }`."],
  [/jetstream_cluster_migrate$/, "ClusterMigrate", "leafnodesConfig", "How leaders move away from a lost link."],
  [/^leafnodes\.remotes\[\]\.proxy$/, "LeafnodeProxy", "leafnodesConfig", "HTTP proxy on the way to a hub."],
  [/^websocket$/, "WebsocketBlock", "websocketConfig", "`websocket { }`."],
  [/^(websocket|mqtt)\.authorization$/, "ListenerAuthorization", "websocketConfig", "Credentials of one listener."],
  [/^mqtt$/, "MqttBlock", "mqttConfig", "`mqtt { }`."],
  [/^proxies$/, "Proxies", "securityConfig", "`proxies { }`."],
  [/^proxies\.trusted\[\]$/, "TrustedProxy", "securityConfig", "A trusted proxy's key."],
  [/^ocsp$/, "Ocsp", "securityConfig", "`ocsp { }`: stapling."],
  [/^ocsp_cache$/, "OcspCache", "securityConfig", "`ocsp_cache { }`."],
  [/^resolver$/, "Resolver", "securityConfig", "`resolver { }`: where account JWTs are kept."],
];

/** The top level's keys, group by group. */
export const serverGroups: readonly { name: string; file: string; doc: string; keys: readonly string[] }[] = [
  {
    name: "IdentitySettings",
    file: "identityConfig",
    doc: "Name and addresses of a server, its monitoring and its logs.",
    keys: [
      ..."listen host port client_advertise server_name server_tags server_metadata feature_flags".split(" "),
      ..."http http_port https https_port http_base_path pid_file ports_file_dir prof_port prof_block_rate".split(" "),
      ..."debug trace trace_verbose trace_headers logtime logtime_utc log_file log_size_limit log_max_num".split(" "),
      ..."syslog remote_syslog connect_error_reports reconnect_error_reports".split(" "),
    ],
  },
  {
    name: "LimitSettings",
    file: "limitConfig",
    doc: "Limits and times of client connections.",
    keys: [
      ..."max_connections max_subscriptions max_subscription_tokens max_control_line max_payload max_pending".split(
        " ",
      ),
      ..."max_traced_msg_len max_closed_clients ping_interval ping_max write_deadline write_timeout".split(" "),
      ..."lame_duck_duration lame_duck_grace_period no_fast_producer_stall disable_sublist_cache".split(" "),
      ..."no_header_support proxy_protocol".split(" "),
    ],
  },
  {
    name: "SecuritySettings",
    file: "securityConfig",
    doc: "TLS of clients, users, accounts, and operator mode.",
    keys: [
      ..."tls allow_non_tls ocsp ocsp_cache authorization no_auth_user accounts mappings system_account".split(" "),
      ..."no_system_account operator trusted_keys resolver resolver_tls resolver_preload".split(" "),
      ..."resolver_pinned_accounts default_sentinel proxies".split(" "),
    ],
  },
  {
    name: "ServiceSettings",
    file: "serviceConfig",
    doc: "JetStream, and listeners other than that of clients.",
    keys: "jetstream store_dir default_js_domain cluster gateway leafnodes websocket mqtt".split(" "),
  },
];
