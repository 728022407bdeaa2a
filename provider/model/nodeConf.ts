import { configDigest } from "../conf/digest";
import { settingsOf } from "../conf/parsed";
import { parseConf } from "../conf/parser";
import type { ConfMap } from "../conf/value";
import { NatsError } from "../errors";
import { factFor } from "./facts";
import { configFile } from "./nodeFiles";
import type { GenerationFiles } from "./nodeFiles";

/** What one server reads from its files. */
export interface ParsedNode {
  /** With every variable and include resolved, and without the keys that only define variables. */
  readonly conf: ConfMap;
  /** "sha256:…", as a server of that version names it. */
  readonly digestFor: (serverVersion: string) => string;
}

/** Reads a generation as the server does. Throws where the server would refuse the text. */
export function parseNode(files: GenerationFiles): ParsedNode {
  const parse = (serverVersion?: string): ReturnType<typeof parseConf> =>
    parseConf(files[configFile]?.content ?? "", {
      file: configFile,
      readFile: (name) => {
        const file = files[name];
        if (!file) throw new NatsError(`nats.conf includes ${name}, which is not there`);
        return file.content;
      },
      ...(serverVersion === undefined ? {} : { serverVersion }),
    });
  const digests = new Map<string, string>();
  return {
    conf: settingsOf(parse(), (path) => factFor(path) !== undefined),
    digestFor(serverVersion) {
      const digest = digests.get(serverVersion) ?? configDigest(parse(serverVersion));
      digests.set(serverVersion, digest);
      return digest;
    },
  };
}
