import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

export const clientTlsChanges: readonly ReloadChange[] = [
  { name: "tls appears", from: "", to: tlsA() },
  { name: "tls disappears", from: tlsA(), to: "" },
  { name: "another certificate", from: tlsA(), to: tlsB() },
  { name: "verify on", from: tlsA(), to: tlsA("verify: true") },
  { name: "timeout longer", from: tlsA(), to: tlsA("timeout: 5") },
  {
    name: "timeout longer beside an explicit authorization timeout",
    from: `${tlsA()}\nauthorization { timeout: 3 }`,
    to: `${tlsA("timeout: 5")}\nauthorization { timeout: 3 }`,
  },
  { name: "handshake_first on", from: tlsA(), to: tlsA("handshake_first: true") },
  { name: "handshake_first with a fallback", from: tlsA(), to: tlsA('handshake_first: "300ms"') },
  { name: "min_version raised", from: tlsA(), to: tlsA('min_version: "1.3"') },
  { name: "cipher_suites set", from: tlsA(), to: tlsA('cipher_suites: ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]') },
  { name: "curve_preferences set", from: tlsA(), to: tlsA('curve_preferences: ["CurveP256"]') },
  { name: "pinned_certs set", from: tlsA("verify: true"), to: tlsA('verify: true, pinned_certs: ["{pinA}"]') },
  { name: "verify_and_map on", from: tlsA(), to: tlsA("verify_and_map: true") },
  { name: "verify_and_map beside verify", from: tlsA("verify: true"), to: tlsA("verify_and_map: true") },
  { name: "connection_rate_limit set", from: tlsA(), to: tlsA("connection_rate_limit: 10") },
  {
    name: "connection_rate_limit changed",
    from: tlsA("connection_rate_limit: 10"),
    to: tlsA("connection_rate_limit: 20"),
  },
  { name: "allow_non_tls on", from: tlsA(), to: `${tlsA()}\nallow_non_tls: true` },
  { name: "tls and max_payload at once", from: "", to: `${tlsA()}\nmax_payload: 2MB` },
  {
    name: "several certificates",
    from: tlsA(),
    to: 'tls { certs: [{ cert_file: "{fixtures}/a.pem", key_file: "{fixtures}/a.key" }, { cert_file: "{fixtures}/b.pem", key_file: "{fixtures}/b.key" }] }',
  },
  {
    name: "ocsp_peer on",
    from: tlsA("verify: true"),
    to: tlsA("verify: true, ocsp_peer: { verify: true, warn_only: true }"),
  },
  { name: "ocsp mode", from: tlsA(), to: `${tlsA()}\nocsp { mode: never }` },
  { name: "ocsp off", from: tlsA(), to: `${tlsA()}\nocsp: false` },
  { name: "ocsp_cache off", from: tlsA(), to: `${tlsA()}\nocsp_cache: false` },
];
