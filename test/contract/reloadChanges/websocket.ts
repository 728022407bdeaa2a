import type { ReloadChange } from "./change";
import { tlsA, tlsB } from "./tlsBlocks";

const ws = (more = "no_tls: true") => `websocket { listen: "127.0.0.1:-1"${more === "" ? "" : `, ${more}`} }`;

export const websocketChanges: readonly ReloadChange[] = [
  { name: "websocket appears", from: "", to: ws().replace("-1", "{p1}") },
  { name: "websocket disappears", from: ws(), to: "" },
  {
    name: "websocket's host changes",
    from: ws().replace(":-1", ":{p2}"),
    to: ws().replace("127.0.0.1:-1", "localhost:{p2}"),
  },
  { name: "websocket's port goes from one to any", from: ws().replace(":-1", ":{p2}"), to: ws(), oneWay: true },
  { name: "websocket's port changes", from: ws().replace("-1", "{p2}"), to: ws().replace("-1", "{p3}") },
  { name: "websocket's origins", from: ws(), to: ws('no_tls: true, allowed_origins: ["http://a.example"]') },
  { name: "websocket's same_origin", from: ws(), to: ws("no_tls: true, same_origin: true") },
  { name: "websocket's compression", from: ws(), to: ws("no_tls: true, compression: true") },
  { name: "websocket's handshake_timeout", from: ws(), to: ws('no_tls: true, handshake_timeout: "3s"') },
  { name: "websocket's headers", from: ws(), to: ws('no_tls: true, headers { "X-A": "b" }') },
  { name: "websocket's advertise", from: ws(), to: ws('no_tls: true, advertise: "example.com:443"') },
  { name: "websocket's user_cookie", from: ws(), to: ws("no_tls: true, user_cookie: c") },
  {
    name: "websocket's token appears",
    from: ws(),
    to: ws("no_tls: true, authorization { token: hush-t }"),
    mode: "signal",
  },
  { name: "websocket's ping_interval", from: ws(), to: ws('no_tls: true, ping_interval: "3s"') },
  {
    name: "websocket's password appears",
    from: ws(),
    to: ws("no_tls: true, authorization { user: u, password: hush-w }"),
    mode: "signal",
  },
  { name: "websocket's tls instead of none", from: ws(), to: ws(tlsA()) },
  { name: "websocket's certificate changes", from: ws(tlsA()), to: ws(tlsB()) },
  { name: "websocket's tls verify", from: ws(tlsA()), to: ws(tlsA("verify: true")) },
  { name: "websocket's tls verify_and_map", from: ws(tlsA()), to: ws(tlsA("verify_and_map: true")) },
  { name: "websocket's pinned_certs", from: ws(tlsA()), to: ws(tlsA('verify: true, pinned_certs: ["{pinA}"]')) },
  {
    name: "websocket's no_auth_user",
    from: `${ws()}\nauthorization { users: [{ user: a, password: hush-a }] }`,
    to: `${ws("no_tls: true, no_auth_user: a")}\nauthorization { users: [{ user: a, password: hush-a }] }`,
  },
  {
    name: "websocket's origins beside a password",
    from: ws("no_tls: true, authorization { user: u, password: hush-w }"),
    to: ws('no_tls: true, authorization { user: u, password: hush-w }, allowed_origins: ["http://a.example"]'),
    mode: "signal",
  },
];
