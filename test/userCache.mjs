import { homedir } from "node:os";
import path from "node:path";

/** Where tools and what is known of unchanged files outlive a checkout; provider/tools/toolCache.ts is not compiled yet where this is asked. */
export const userCache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pulumi-nats");
