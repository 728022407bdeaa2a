import {
  duration,
  either,
  flag,
  input,
  listOf,
  number,
  objectOf,
  required,
  secretText,
  text,
  words,
} from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import { listeners } from "../provider/model/cluster";
import type { Listener } from "../provider/model/cluster";
import type { HostArgs, HostsOptions, HostSshArgs } from "./hostsArgs";

/** A port by listener. */
export const portsShape: Argument = objectOf<Record<Listener, number>>(
  Object.fromEntries(listeners.map((listener) => [listener, number])) as Record<Listener, Argument>,
);

const sshMembers: { readonly [Key in keyof Required<HostSshArgs>]: Argument } = {
  address: input(text),
  port: input(number),
  user: input(text),
  privateKey: input(secretText),
  passphrase: input(secretText),
  password: input(secretText),
  agent: either(text, flag),
  hostKey: input(text),
  knownHostsFile: input(text),
  sudo: either(flag, objectOf<{ password: string }>({ password: input(secretText) })),
  proxyJump: (value, path) => jumpShape(value, path),
  connectTimeout: duration,
  bootTimeout: duration,
};
const sshShape = objectOf<HostSshArgs>(sshMembers);
const jumpShape = objectOf<HostSshArgs>({
  ...sshMembers,
  address: required(input(text), 'address: "bastion.example.com"'),
});

const hostShape = objectOf<HostArgs>({
  address: required(input(text), 'address: "10.0.1.11"'),
  name: text,
  ssh: sshShape,
  advertise: input(text),
  ports: portsShape,
});

export const hostListShape = required(
  listOf(either(hostShape, input(text))),
  '["10.0.1.11", "10.0.1.12", "10.0.1.13"]',
);

export const hostsOptionsShape = objectOf<HostsOptions>({
  ssh: sshShape,
  ports: portsShape,
  listen: text,
  monitorListen: text,
  binary: either(
    objectOf<{ url: string; sha256: string; file: string }>({ url: text, sha256: text, file: text }),
    words("installed"),
  ),
  user: text,
  group: text,
  dir: text,
  dataDir: text,
});
