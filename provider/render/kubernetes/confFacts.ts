import { parseDuration } from "../../model/units";
import { publicConf } from "./publicConf";

/** What of nats.conf the pod itself must know. */
export interface ConfFacts {
  /** http_base_path, "" without one. */
  readonly basePath: string;
  /** Seconds that a pod may take to end: the server's goodbye and what Kubernetes needs around it. */
  readonly graceSeconds: number;
}

const around = 30n;

/** Reads nats.conf for it. */
export function confFacts(config: string, nodeConf: string): ConfFacts {
  const conf = publicConf(config, nodeConf);
  const base = conf.get("http_base_path");
  const duck = conf.get("lame_duck_duration");
  const seconds =
    typeof duck === "bigint" ? duck : typeof duck === "string" ? parseDuration(duck) / 1_000_000_000n : 120n;
  return {
    basePath: typeof base === "string" ? base.replace(/\/+$/, "") : "",
    graceSeconds: Number(seconds + around),
  };
}
