import { notImportable } from "./notImportable";
import type { Handler } from "../host/handler";
import type { ServersInputs, ServersState } from "../model/servers";
import { applyServers } from "./serversApply";
import { checkServers } from "./serversCheck";
import { deleteServers } from "./serversDelete";
import { diffServers } from "./serversDiff";
import { readServers } from "./serversRead";

/** All servers of one cluster. The id is their folder. */
export const serversHandler: Handler<ServersInputs, ServersState> = {
  kind: "Servers",
  schema: 1,
  mixed: ["management"],
  check: checkServers,
  diff: (context, _id, olds, news) => diffServers(context, olds, news),

  async create(context, inputs) {
    return { id: inputs.target.dir, state: await applyServers(context, inputs, undefined) };
  },

  async read(context, id, state) {
    if (!state) {
      const why = "no server tells its whole configuration";
      throw notImportable("Servers", id, why, `target: nats.thisMachine({ dir: "${id}" })`);
    }
    return readServers(context, state);
  },

  update: (context, _id, olds, news) => applyServers(context, news, olds),
  delete: (context, _id, state) => deleteServers(context, state),
};
