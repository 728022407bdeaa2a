import path from "node:path";
import { configDigest } from "../conf/digest";
import { parseConf } from "../conf/parser";
import type { ConfMap } from "../conf/value";
import { NatsError } from "../errors";
import { configFile } from "./nodeFiles";
import type { GenerationFiles } from "./nodeFiles";

/** What one server reads from its files. */
export interface ParsedNode {
  /** With every variable and include resolved. */
  readonly conf: ConfMap;
  /** "sha256:…", as the server itself names it. */
  readonly digest: string;
}

/** Reads a generation as the server does. Throws where the server would refuse the text. */
export function parseNode(files: GenerationFiles): ParsedNode {
  const conf = parseConf(files[configFile]?.content ?? "", {
    include: (name: string) => {
      const file = files[path.posix.normalize(name)];
      if (!file) throw new NatsError(`nats.conf includes ${name}, which is not there`);
      return file.content;
    },
  });
  return { conf, digest: configDigest(conf) };
}
