import { isIP } from "node:net";
import type { Problem } from "../provider/errors";
import { isAnyAddress } from "../provider/model/cluster";

/** A name could stand for several addresses, of which the port would listen on one. */
export function monitorListenProblems(value: string | undefined): Problem[] {
  if (value === undefined || isIP(value) !== 0) return [];
  const reason = `${JSON.stringify(value)} is no IP address to listen on`;
  return [{ path: "monitorListen", reason, fix: 'monitorListen: "127.0.0.1"' }];
}

/** What a server is told of its monitoring port; one that listens on a single address answers nowhere else. */
export function monitorAt(value: string | undefined): { monitorListen?: string; monitorHost?: string } {
  if (value === undefined) return {};
  return { monitorListen: value, ...(isAnyAddress(value) ? {} : { monitorHost: value }) };
}
