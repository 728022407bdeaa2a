import type { ConfMap } from "../../conf/value";
import { linkFiles } from "../../plan/leafnodes";
import type { Leafz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import { ServerRefusal } from "../serverRefusal";

/**
 * Links to hubs stay as they were made, whatever becomes of the CA and the creds that they were made with: where these changed, the
 * links are made anew, so that it is seen now whether the hub lets them in, and not when it restarts. Returns how many.
 */
export async function renewLinks(
  connection: ServerConnection,
  conf: ConfMap,
  changed: readonly string[],
): Promise<number> {
  const files = linkFiles(conf);
  // Without a user of the system account nobody can end a connection.
  if (!connection.canManageJetStream || !changed.some((file) => files.includes(file))) return 0;
  const { leafs = [] } = await connection.ask<Leafz>("LEAFZ");
  const links = leafs.flatMap(({ id, is_spoke: isSpoke }) => (isSpoke === true && id !== undefined ? [id] : []));
  for (const cid of links) {
    await connection.ask("KICK", { cid }).catch((error: unknown) => {
      // A link that has ended meanwhile is made anew by itself.
      if (!(error instanceof ServerRefusal)) throw error;
    });
  }
  return links.length;
}
