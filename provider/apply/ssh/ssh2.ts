/** Loaded when a host is first reached. An ES import would miss what it exports only at run time. */
export function ssh2(): typeof import("ssh2") {
  return require("ssh2") as typeof import("ssh2");
}
