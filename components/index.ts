export { bcrypt } from "./bcrypt";
export type { BcryptArgs } from "./bcrypt";
export { Cluster } from "./cluster";
export type { CliUser } from "./cliUser";
export type { ClusterArgs, ClusterBlocks, ClusterRolloutArgs, ClusterTlsArgs } from "./clusterArgs";
export type { ClusterOperator } from "./clusterOperator";
export { hosts } from "./hosts";
export type { HostArgs, HostBinary, HostsOptions, HostSshArgs } from "./hostsArgs";
export type { Inputs } from "./inputs";
export { LeafNode } from "./leafNode";
export type { LeafHub, LeafLinkArgs, LeafNodeArgs } from "./leafNodeArgs";
export { Box } from "./box";
export type { BoxArgs } from "./boxArgs";
export { Nui } from "./nui";
export type { NuiArgs, NuiService } from "./nuiArgs";
export type { ConnectArgs } from "./connectArgs";
export { credsSecret } from "./credsSecret";
export type { HelperObject, KubernetesHelperArgs } from "./kubernetesHelper";
export { Nack } from "./nack";
export type { NackArgs } from "./nackArgs";
export * as nack from "./nackObjects";
export { kubernetes } from "./kubernetes";
export type {
  KubernetesArgs,
  KubernetesExporter,
  KubernetesExposure,
  KubernetesKind,
  KubernetesObject,
  KubernetesResources,
  KubernetesService,
  KubernetesVolume,
} from "./kubernetesArgs";
export { SuperCluster } from "./superCluster";
export type { GatewayRecord, RegionArgs, SuperClusterArgs } from "./superClusterArgs";
export type { Target } from "./target";
export { thisMachine } from "./thisMachine";
export type { ThisMachineArgs } from "./thisMachine";
export type * from "../provider/model/config/serverConfig";
export * from "../provider/resources/account";
export * from "../provider/resources/certificate";
export * from "../provider/resources/certificateAuthority";
export * from "../provider/resources/consumer";
export * from "../provider/resources/consumers";
export * from "../provider/resources/keyValue";
export * from "../provider/resources/gatewayLinks";
export * from "../provider/resources/keyValueEntry";
export * from "../provider/resources/credsFile";
export * from "../provider/resources/nkey";
export * from "../provider/resources/objectStore";
export * from "../provider/resources/operator";
export * from "../provider/resources/password";
export * from "../provider/resources/provider";
export * from "../provider/resources/regions";
export * from "../provider/resources/servers";
export * from "../provider/resources/storedObject";
export * from "../provider/resources/stream";
export * from "../provider/resources/streams";
export * from "../provider/resources/user";
