import type { ReloadChange } from "./change";

export const loggingChanges: readonly ReloadChange[] = [
  { name: "debug on", from: "", to: "debug: true" },
  { name: "trace on", from: "", to: "trace: true" },
  { name: "trace_verbose on", from: "", to: "trace_verbose: true" },
  { name: "trace_headers on", from: "", to: "trace_headers: true" },
  { name: "logtime off", from: "", to: "logtime: false" },
  { name: "logtime_utc on", from: "", to: "logtime_utc: true" },
  { name: "log_file set", from: "", to: 'log_file: "{dir}/server.log"' },
  { name: "log_file moved", from: 'log_file: "{dir}/server.log"', to: 'log_file: "{dir}/other.log"' },
  { name: "log_size_limit set", from: "", to: "log_size_limit: 10MB" },
  { name: "log_size_limit changed", from: "log_size_limit: 10MB", to: "log_size_limit: 20MB" },
  { name: "log_max_num set", from: "", to: "log_max_num: 3" },
  { name: "max_traced_msg_len set", from: "", to: "max_traced_msg_len: 32" },
  { name: "pid_file set", from: "", to: 'pid_file: "{dir}/server.pid"' },
  { name: "pid_file moved", from: 'pid_file: "{dir}/server.pid"', to: 'pid_file: "{dir}/other.pid"' },
  { name: "remote_syslog without syslog", from: "", to: 'remote_syslog: "udp://127.0.0.1:{p4}"' },
  { name: "syslog on without a daemon", from: "", to: 'syslog: true\nremote_syslog: "tcp://127.0.0.1:{p4}"' },
  { name: "prof_block_rate set", from: "", to: "prof_block_rate: 1" },
  { name: "connect_error_reports set", from: "", to: "connect_error_reports: 10" },
  { name: "reconnect_error_reports set", from: "", to: "reconnect_error_reports: 10" },
];
