"use strict";
// Makes the package resolvable by its own name in its checkout, as it is in a program's node_modules:
// the provider text in every state asks for "pulumi-nats/host".
const { mkdirSync, readlinkSync, rmSync, symlinkSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "../..");
const link = path.join(root, "node_modules", "pulumi-nats");
let current;
try {
  current = path.resolve(path.dirname(link), readlinkSync(link));
} catch {
  // Absent, or no link.
}
if (current !== root) {
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  // Windows needs no privilege for a junction, which is absolute.
  symlinkSync(process.platform === "win32" ? root : "..", link, "junction");
}
