import { NatsError } from "../errors";
import { atLeast } from "../model/serverRelease";
import { testedVersion } from "../plan/testedVersion";

/** `--server-version`, checked alike by every command: a whole release from 2.11 up, with or without "v". */
export function checkedVersion(text: string): string {
  const version = text.replace(/^v/, "");
  const fix = `Fix: --server-version ${testedVersion()}`;
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new NatsError(`--server-version ${text} is no release of nats-server. ${fix}`);
  }
  if (!atLeast(version, "2.11")) {
    throw new NatsError(`--server-version ${text}: releases before 2.11 are not known here. ${fix}`);
  }
  return version;
}
