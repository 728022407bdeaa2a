/**
 * `node test/format.mjs`: names the files that prettier would write otherwise, and fails where there is one. What was found well
 * written once, told by its content, is known in every checkout of the user's and not looked at again.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import * as prettier from "prettier";
import { root } from "./bootstrap.mjs";

const ignorePath = [".gitignore", ".prettierignore"].map((name) => path.join(root, name));
const userCache = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
const cache = path.join(userCache, "pulumi-nats/check/wellFormatted");
/** Of several checkouts, and of what they were before. */
const mostKept = 20_000;
const known = new Set(textOf(cache).split("\n"));
const found = [];
const others = [];
for (const file of files(root)) {
  const { ignored, inferredParser } = await prettier.getFileInfo(file, { ignorePath });
  if (ignored || !inferredParser) continue;
  const options = { ...(await prettier.resolveConfig(file, { editorconfig: true })), parser: inferredParser };
  const text = readFileSync(file, "utf8");
  const key = createHash("sha256")
    .update(JSON.stringify([prettier.version, options, text]))
    .digest("base64");
  if (known.has(key) || (await isWell(text, { ...options, filepath: file }, file))) found.push(key);
}
keep([...new Set([...found, ...known])].slice(0, mostKept));
for (const other of others) console.error(other);
if (others.length > 0) console.error("Fix: npm run format");
process.exit(others.length > 0 ? 1 : 0);

async function isWell(text, options, file) {
  try {
    if (await prettier.check(text, options)) return true;
    others.push(path.relative(root, file));
  } catch (error) {
    others.push(`${path.relative(root, file)}: ${error.message}`);
  }
  return false;
}

/** Where it can't be kept, the next run looks at all of them again. */
function keep(keys) {
  try {
    mkdirSync(path.dirname(cache), { recursive: true });
    writeFileSync(`${cache}.${process.pid}`, keys.join("\n"));
    renameSync(`${cache}.${process.pid}`, cache);
  } catch (error) {
    console.error(`${cache}: ${error.message}`);
  }
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist", ".git"].includes(entry.name) ? [] : files(place);
    return entry.isFile() ? [place] : [];
  });
}

function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
