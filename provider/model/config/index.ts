// Generated from provider/model/facts by `npm run generate`; change the facts instead.
export type * from "./accountConfig";
export type * from "./clusterConfig";
export type * from "./gatewayConfig";
export type * from "./identityConfig";
export type * from "./jetStreamConfig";
export type * from "./leafnodesConfig";
export type * from "./limitConfig";
export type * from "./mqttConfig";
export type * from "./securityConfig";
export type * from "./serverConfig";
export type * from "./serviceConfig";
export type * from "./tlsConfig";
export type * from "./tlsSettings";
export type * from "./userConfig";
export type * from "./websocketConfig";
export type { Verbatim, VerbatimValue } from "./verbatim";
