/** Values for keys whose type does not tell a valid one. */
export function sampleFor(path: string): unknown {
  return samples.find(([pattern]) => pattern.test(path))?.[1];
}

const samples: readonly [pattern: RegExp, value: unknown][] = [
  [/\.ca_file$/, "{fixtures}/a.pem"],
  [/\.cipher_suites$/, ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]],
  [/\.curve_preferences$/, ["CurveP256"]],
  [/\.pinned_certs$/, ["{pinA}"]],
  [/\.write_timeout$/, "close"],
  [/^http_base_path$/, "/x"],
  [/^lame_duck_duration$/, "60s"],
  [/^no_auth_user$/, "sys"],
  [/^(websocket|mqtt)\.no_auth_user$/, "sys"],
  [/^jetstream\.cipher$/, "aes"],
  [/^jetstream\.max_concurrent_io$/, 100],
  [/^jetstream\.unique_tag$/, "az:"],
  [/^accounts\.<name>\.mappings\.<subject>\[\]\.weight$/, 60],
  [/^(cluster|gateway|leafnodes)\..*urls?$/, undefined],
  [/^(server_tags)$/, ["az:1"]],
  [/^(server_metadata)$/, { az: "1" }],
  [/^feature_flags$/, { js_ack_fc_v2: true }],
  [/^(mappings|accounts\.<name>\.mappings)$/, { "m.a": "m.b" }],
  [/\.allowed_connection_types$/, ["STANDARD"]],
  [/^(authorization|accounts\.<name>)\.users\[\]\.permissions$/, { publish: "x" }],
  [/\.default_permissions$/, { publish: "x" }],
  [/\.(allowed_origins)$/, ["http://a.example"]],
  [/^websocket\.headers$/, { "X-A": "b" }],
  [/\.rtt_thresholds$/, undefined],
];

/** Keys that no change by itself can be made of here. */
export const leftOut: readonly RegExp[] = [
  // Windows' certificate stores.
  /\.(cert_store|cert_match|cert_match_by|cert_match_skip_invalid|ca_certs_match)$/,
  // Come in pairs, or are written out: certificates and keys, the operator and its resolver.
  /\.(cert_file|key_file|certs\[\].*)$/,
  /^(operator|trusted_keys|resolver.*|system_account|default_sentinel)$/,
  /^(resolver|resolver_tls)\./,
  // Their host and port stand in listen, and a server reads either in any order.
  /(^|\.)(listen|host|port)$/,
  // Make no sense alone: written out.
  /^authorization\.(token|user)$/,
  /^websocket\.jwt_cookie$/,
  /^websocket\.(user|pass|token)_cookie$/,
  /^accounts\.<name>\.(exports|imports)\[\]\.(stream|service)(\..*)?$/,
  /^accounts\.<name>\.exports\[\]\.(account_token_position|latency\..*)$/,
  /^accounts\.<name>\.imports\[\]\.allow_trace$/,
  /\.(user|username|name)$/,
  // Needs a TPM.
  /^jetstream\.tpm\./,
];
