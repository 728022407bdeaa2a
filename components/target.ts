import type { LayoutModel, NodeModel } from "../provider/model/cluster";
import type { TargetInputs } from "../provider/model/servers";

/** Where a cluster's servers run. Made by `nats.thisMachine(…)`. */
export interface Target {
  /** Places a cluster of that name: its nodes with addresses and ports, where files lie, and what the servers' resource needs. */
  place(cluster: string, wanted: WantedListeners): Placement;
}

/** Listeners beside the client's, the monitor's and the routes' that the configuration asks for. */
export interface WantedListeners {
  readonly gateway: boolean;
  readonly leafnodes: boolean;
  readonly websocket: boolean;
  readonly mqtt: boolean;
}

export interface Placement {
  readonly nodes: readonly NodeModel[];
  readonly layout: LayoutModel;
  readonly target: TargetInputs;
}
