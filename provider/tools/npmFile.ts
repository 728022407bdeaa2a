import { chmodSync, copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";
import type { NpmFileSource } from "./toolSources";

/** Copies a file of an npm package that the program, or this library, has installed. */
export function copyFromPackage(source: NpmFileSource, folder: string): void {
  const found = packageFolders(source.package).find((candidate) => existsSync(path.join(candidate, source.file)));
  if (!found) throw new NatsError(`no ${source.package} with ${source.file} is installed here`);
  const copy = path.join(folder, path.basename(source.file));
  copyFileSync(path.join(found, source.file), copy);
  chmodSync(copy, 0o755);
}

function packageFolders(name: string): string[] {
  return [process.cwd(), __dirname].flatMap((from) => {
    try {
      return [path.dirname(require.resolve(`${name}/package.json`, { paths: [from] }))];
    } catch {
      return [];
    }
  });
}
