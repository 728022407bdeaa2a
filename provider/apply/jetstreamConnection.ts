export { closeConnections as closeJetStreamConnections, connectionFor } from "./connect";
