import type { ReloadChange } from "./change";

export const monitoringChanges: readonly ReloadChange[] = [
  { name: "http_port set", from: "", to: "http_port: {p1}" },
  { name: "http_port removed", from: "http_port: {p1}", to: "" },
  { name: "http_port changed", from: "http_port: {p1}", to: "http_port: {p2}" },
  { name: "http_port goes from one to any", from: "http_port: {p1}", to: "http_port: -1" },
  { name: "http moved to another address", from: "http: 127.0.0.1:{p1}", to: "http: localhost:{p1}" },
  { name: "http instead of http_port and host", from: "http_port: {p1}", to: "http: 127.0.0.1:{p1}" },
  { name: "http_base_path set", from: "", to: "http_base_path: /x" },
  { name: "http_base_path changed", from: "http_base_path: /x", to: "http_base_path: /y" },
];
