import { createAccount, createCurve, createOperator, createUser } from "nkeys.js";

/** Public keys and seeds for one run. */
export function corpusKeys() {
  const publicKey = (pair: { getPublicKey(): string }): string => pair.getPublicKey();
  return {
    user: publicKey(createUser()),
    user2: publicKey(createUser()),
    account: publicKey(createAccount()),
    account2: publicKey(createAccount()),
    operator: publicKey(createOperator()),
    curve: publicKey(createCurve()),
    seed: new TextDecoder().decode(createUser().getSeed()),
  };
}

/** Rich configurations of every group; each is valid. `{cert}`, `{key}`, `{ca}` and `{dir}` are files of the run. */
export function modelCorpus(): string[] {
  const keys = corpusKeys();
  const tls = `cert_file: "{cert}", key_file: "{key}", ca_file: "{ca}"`;
  return [
    `listen: "127.0.0.1:4222"\nserver_name: "a"\nserver_tags: ["x:1", "y:2"]\nserver_metadata { zone: "a", rack: "7" }\nclient_advertise: "a.example.com:4222"`,
    `port: 4222\nhost: "127.0.0.1"\ndebug: false\ntrace: false\nlogtime: true\nlogtime_utc: true\nlog_file: "{dir}/nats.log"\nlog_size_limit: 100MB\nlog_max_num: 5\npid_file: "{dir}/pid"\nprof_block_rate: 1`,
    `http: "127.0.0.1:8222"\nhttp_base_path: "/nats"\nmax_connections: 1000\nmax_subscriptions: 100\nmax_subscription_tokens: 16\nmax_control_line: 4KB\nmax_payload: 2MB\nmax_pending: 64MB\nmax_traced_msg_len: 100\nmax_closed_clients: 500`,
    `ping_interval: "30s"\nping_max: 3\nwrite_deadline: "5s"\nwrite_timeout: retry\nlame_duck_duration: "1m"\nlame_duck_grace_period: "5s"\nconnect_error_reports: 10\nreconnect_error_reports: 2\nno_fast_producer_stall: true\ndisable_sublist_cache: true\nno_header_support: false\nfeature_flags { js_ack_fc_v2: true }`,
    `tls { ${tls}, verify: true, timeout: 3, min_version: "1.3", cipher_suites: ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], curve_preferences: ["X25519", "CurveP256"], pinned_certs: ["${"ab".repeat(32)}"], handshake_first: "300ms", connection_rate_limit: 100 }\nallow_non_tls: true`,
    `tls { certs: [ { cert_file: "{cert}", key_file: "{key}" } ], ca_file: "{ca}", handshake_first: true, ocsp_peer { verify: true, ca_timeout: 3, allowed_clockskew: "20s", warn_only: true } }\nocsp { mode: never }\nocsp_cache { type: local, local_store: "{dir}/ocsp", preserve_revoked: true, save_interval: 10.5 }`,
    `tls { ${tls}, verify_and_map: true, timeout: "3s", allow_insecure_cipher_suites: true, cipher_suites: ["TLS_RSA_WITH_AES_128_CBC_SHA"], insecure: false, ca_certs_match: ["x"] }\nocsp: true\nocsp_cache: false`,
    `authorization { user: "u", password: "p", timeout: 2.5 }`,
    `authorization { token: "t0ken", timeout: "1s" }`,
    `authorization { default_permissions { publish: ["a.>", "b"], subscribe { allow: ["c.*", "d.> q"], deny: "e" } }, users: [ { user: "a", password: "b", allowed_connection_types: ["STANDARD", "WEBSOCKET"] }, { nkey: "${keys.user}", permissions { pub { allow: "x", deny: ["y"] }, sub: ">", allow_responses { max: 5, expires: "1m" } } } ] }\nno_auth_user: "a"`,
    `authorization { users: [ { user: "auth", password: "p" } ], auth_callout { issuer: "${keys.account}", account: "AUTH", auth_users: ["auth"], xkey: "${keys.curve}", allowed_accounts: ["APP"] } }\naccounts { AUTH { users: [ { user: "x", password: "y" } ] }, APP {} }`,
    `accounts { APP { jetstream: enabled, users: [ { user: "app", password: "p" } ], limits { max_connections: 10, max_subscriptions: 100, max_payload: 1MB, max_leafnodes: 1 } }, SYS { users: [ { user: "sys", password: "s" } ] } }\nsystem_account: SYS\nno_auth_user: app`,
    `accounts { A { jetstream { max_memory: 1GB, max_store: 10GB, max_streams: 10, max_consumers: 100, max_bytes_required: true, memory_max_stream_bytes: 1MB, store_max_stream_bytes: 1MB, max_ack_pending: 100, cluster_traffic: owner }, users: [ { user: "a" } ], default_permissions { publish: "x" } } }\njetstream { store_dir: "{dir}/js" }`,
    `accounts { A { exports: [ { stream: "s.>" }, { service: "svc.*", accounts: ["B"], response_type: singleton, threshold: "1s", latency { subject: "lat", sampling: "50%" }, allow_trace: true }, { stream: "p.*.x", account_token_position: 2 } ] }, B { imports: [ { stream { account: A, subject: "s.a" }, prefix: "from" }, { service { account: A, subject: "svc.b" }, to: "b", share: true }, { stream { account: A, subject: "p.B.x" }, to: "px", allow_trace: true } ] } }`,
    `accounts { A { exports: [ { service: "q.>" }, { stream: "t.*.*" } ] }, B { imports: [ { service { account: A, subject: "q.>" } }, { stream { account: A, subject: "t.*.*" }, to: "u.$2.$1" } ] } }`,
    `accounts { A { mappings { "a.*": "b.$1", "c": [ { destination: "d", weight: 40% }, { destination: "e", weight: "60%" } ], "f.*.*": { dest: "g.{{wildcard(2)}}.{{partition(5,1)}}", weight: 100, cluster: "x" } }, msg_trace { dest: "trace", sampling: 50 }, nkey: "${keys.account}" } }\nmappings { "x.>": "y.>" }`,
    `accounts: [ "A", "B" ]\nserver_name: n`,
    `accounts { A { msg_trace: "trace.a", trace_dest: "trace.b" } }`,
    `jetstream: enabled\nstore_dir: "{dir}/js2"\ndefault_js_domain { A: "hub" }\naccounts { A {} }`,
    `jetstream { enabled: true, store_dir: "{dir}/js3", max_memory_store: 1GB, max_file_store: "10G", domain: "hub", key: "k3y", prev_key: "old", cipher: aes, strict: false, sync_interval: "1m", max_outstanding_catchup: 32MB, max_buffered_size: 1MB, max_buffered_msgs: 1000, request_queue_limit: 100, info_queue_limit: 50, meta_compact: 5, meta_compact_size: 1MB, meta_compact_sync: true, max_concurrent_io: 128, unique_tag: "az:", extension_hint: no_extend, limits { max_ack_pending: 100, max_ha_assets: 5, max_request_batch: 10, duplicate_window: "1m", default_max_consumers: 10, batch { max_inflight_per_stream: 5, max_inflight_total: 6, max_msgs: 7, timeout: "5s" } }, tpm { keys_file: "{dir}/tpm", encryption_password: "x", srk_password: "y", pcr: 3, cipher: chacha } }`,
    `server_name: a\ncluster { name: c, listen: "127.0.0.1:6222", routes: ["nats-route://u:p@127.0.0.1:6223", "nats-route://127.0.0.1:6224"], authorization { user: u, password: p, timeout: 3 }, permissions { import: ["a"], export { allow: "b", deny: ["c"] } }, pool_size: 3, accounts: ["A"], compression { mode: s2_auto, rtt_thresholds: ["10ms", "50ms"] }, ping_interval: "20s", ping_max: 2, write_deadline: "4s", write_timeout: close, no_advertise: true, connect_retries: 3, connect_backoff: true, cluster_advertise: "a:6222" }\naccounts { A {} }`,
    `server_name: a\ncluster { name: c, host: "127.0.0.1", port: 6222, compression: off, tls { ${tls}, verify: true, timeout: 2.5, verify_cert_and_check_known_urls: true, pinned_certs: ["${"0f".repeat(32)}"] } }`,
    `server_name: a\ncluster { name: c, port: 6222, compression: true }\ngateway { name: c, listen: "127.0.0.1:7222", advertise: "g:7222", authorization { user: u, password: p, timeout: 2 }, tls { ${tls} }, connect_retries: 5, connect_backoff: true, reject_unknown_cluster: true, write_deadline: "3s", write_timeout: default, gateways: [ { name: d, url: "nats://u:p@d:7222" }, { name: e, urls: ["nats://e1:7222", "nats://e2:7222"], tls { ${tls}, timeout: 4 } } ] }`,
    `leafnodes { listen: "127.0.0.1:7422", advertise: "l:7422", no_advertise: true, reconnect: "2s", dial_timeout: "3s", min_version: "2.10.0", isolate_leafnode_interest: true, write_deadline: "3s", write_timeout: retry, compression: s2_fast, authorization { timeout: 3, users: [ { user: l, password: p, account: A, proxy_required: false } ] }, tls { ${tls}, handshake_first: auto } }\naccounts { A {} }`,
    `leafnodes { authorization { user: l, password: p, account: A, proxy_required: false, timeout: "2s" }, port: 7422 }\naccounts { A {} }`,
    `leafnodes { port: 7422, authorization { nkey: "${keys.user}" }, remotes: [ { url: "nats-leaf://u:p@hub:7422", account: A, hub: true, deny_imports: ["a.>"], deny_exports: "b", no_randomize: true, disabled: true, ignore_discovered_servers: true, first_info_timeout: "2s", dial_timeout: "1s", isolate_leafnode_interest: true, request_isolation: true, jetstream_cluster_migrate { leader_migrate_delay: "10s" }, compression { mode: s2_better }, tls { ${tls}, handshake_first: true } }, { urls: ["wss://hub:443", "wss://hub2:443"], nkey: "${keys.seed}", ws_compression: true, ws_no_masking: true, jetstream_cluster_migrate: true, tls { ca_file: "{ca}" }, proxy { url: "https://proxy:3128", username: u, password: p, timeout: "5s", tls { ca_file: "{ca}", timeout: 2 } } } ] }\naccounts { A {} }`,
    `websocket { listen: "127.0.0.1:9222", advertise: "w:443", tls { ${tls} }, same_origin: true, allowed_origins: ["https://a.example.com", "http://b:8080"], handshake_timeout: "2s", compression: true, no_auth_user: a, jwt_cookie: "", user_cookie: u, pass_cookie: p, token_cookie: t, headers { "X-Frame": "deny" }, ping_interval: "30s" }\nauthorization { users: [ { user: a, password: b } ] }`,
    `websocket { port: 9222, host: "127.0.0.1", no_tls: true, handshake_timeout: 3, authorization { user: w, password: x, token: "", timeout: 1.5 } }`,
    `server_name: m\njetstream { store_dir: "{dir}/mq", sync: always }\nmqtt { listen: "127.0.0.1:1883", tls { ${tls}, timeout: 2 }, ack_wait: "10s", js_api_timeout: "3s", max_ack_pending: 500, js_domain: "hub", stream_replicas: 1, consumer_memory_storage: true, consumer_inactive_threshold: "5m", reject_qos2_publish: true, downgrade_qos2_subscribe: true, authorization { user: m, password: n, timeout: 2 } }`,
    `trusted_keys: ["${keys.operator}"]\nresolver { type: cache, dir: "{dir}/jwt", limit: 100, ttl: "1h", timeout: "3s" }\nresolver_pinned_accounts: ["${keys.account}", "${keys.account2}"]\nresolver_tls { ca_file: "{ca}" }`,
    `trusted: "${keys.operator}"\nresolver: MEMORY\nresolver_preload {}\nproxies { trusted: [ { key: "${keys.user2}" } ] }\nproxy_protocol: true`,
    `resolver { type: full, dir: "{dir}/jwt2", allow_delete: true, hard_delete: true, interval: "2m", limit: 5 }`,
    `MAX_PAYLOAD: 1MB\nPort: 4333\nLeaf { Port: 7422, REMOTES: [ { URL: "nats://h:7422", Local: A } ] }\naccounts { A { maps { a: b } } }\nmonitor_port: 8333\nnet: "127.0.0.1"`,
  ];
}
