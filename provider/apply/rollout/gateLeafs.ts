import type { Leafz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import type { Expected } from "./gate";

/** Links to hubs that a server lacks. */
export async function leafLacks(connection: ServerConnection, { node, leafs = 0 }: Expected): Promise<string[]> {
  if (leafs === 0) return [];
  const { leafs: links = [] } = await connection.ask<Leafz>("LEAFZ");
  const dialled = links.filter((link) => link.is_spoke === true).length;
  return dialled < leafs ? [`${node} has ${dialled} of ${leafs} connections to hubs of its leaf nodes`] : [];
}
