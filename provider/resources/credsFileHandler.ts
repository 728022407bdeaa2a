import { homedir } from "node:os";
import path from "node:path";
import { readSecretFile, removeFile, writeSecretFile } from "../apply/secretFile";
import { NatsError } from "../errors";
import type { ChangeKind, Handler } from "../host/handler";
import { isUnknown } from "../host/handler";
import { anything, objectOf } from "../model/argument";
import { credsProblem } from "../model/jwt/creds";
import { shapeOf } from "./inputShape";

export interface CredsFileInputs {
  readonly path: string;
  readonly creds: string;
}

export interface CredsFileState extends CredsFileInputs {
  /** Permissions in octal digits. */
  readonly mode: string;
}

const wantedMode = "600";
const shape = objectOf<CredsFileInputs>({ path: anything, creds: anything });

export const credsFileHandler: Handler<CredsFileInputs, CredsFileState> = {
  kind: "CredsFile",
  schema: 1,

  async check(_context, olds, news) {
    const { problems } = shapeOf(shape, news);
    const isKnown = !isUnknown(news.path);
    if (isKnown && (typeof news.path !== "string" || !path.isAbsolute(news.path))) {
      const reason = `${JSON.stringify(news.path)} is not an absolute path: from another folder it would be another file`;
      problems.push({ path: "path", reason, fix: `path: ${JSON.stringify(absolute(news.path))}` });
    }
    if (!isUnknown(news.creds)) problems.push(...credsProblem(news.creds ?? "", "creds"));
    if (problems.length === 0 && isKnown && olds?.path !== news.path && !isUnknown(news.creds)) {
      const there = await readSecretFile(news.path).catch((error: Error) => error);
      if (there instanceof Error) problems.push({ path: "path", reason: there.message });
      else if (there && there.content !== news.creds) problems.push({ path: "path", ...foreign(news.path) });
    }
    return { inputs: news, problems };
  },

  async diff(_context, _id, olds, news) {
    const changes: Record<string, ChangeKind> = {};
    if (olds.path !== news.path) changes["path"] = "update-replace";
    if (olds.creds !== news.creds) changes["creds"] = "update";
    if (olds.mode !== wantedMode) changes["mode"] = "update";
    return { changes };
  },

  async create(_context, inputs) {
    const there = await readSecretFile(inputs.path);
    if (there && there.content !== inputs.creds) {
      const { reason, fix } = foreign(inputs.path);
      throw new NatsError(`${reason}. Fix: ${fix}`);
    }
    await writeSecretFile(inputs.path, inputs.creds);
    return { id: inputs.path, state: { ...inputs, mode: wantedMode } };
  },

  async read(_context, id) {
    const found = await readSecretFile(id);
    if (!found) return undefined;
    const inputs = { path: id, creds: found.content };
    return { inputs, state: { ...inputs, mode: found.mode.toString(8) } };
  },

  async update(_context, _id, _olds, news) {
    await writeSecretFile(news.path, news.creds);
    return { ...news, mode: wantedMode };
  },

  async delete(context, id, state) {
    const found = await readSecretFile(id);
    if (!found) return;
    if (found.content === state.creds) await removeFile(id);
    else await context.warn(`${id} stays: something else was written to it`);
  },
};

/** As a shell would have it. */
function absolute(file: unknown): string {
  if (typeof file !== "string" || file === "") return path.resolve("user.creds");
  return file.startsWith("~/") ? path.join(homedir(), file.slice(2)) : path.resolve(file);
}

function foreign(file: string): { reason: string; fix: string } {
  return { reason: `${file} exists already, with other content`, fix: `rm ${JSON.stringify(file)}, or another path` };
}
