import type { Handler } from "./handler";

type AnyHandler = Handler<object, object>;

/** Kind to handler, loaded when first asked for. The kinds are part of stored states: never rename one. */
const loaders: Record<string, () => AnyHandler> = {
  Account: () =>
    (require("../resources/accountHandler") as typeof import("../resources/accountHandler")).accountHandler,
  Certificate: () =>
    (require("../resources/certificateHandler") as typeof import("../resources/certificateHandler")).certificateHandler,
  CertificateAuthority: () =>
    (require("../resources/certificateAuthorityHandler") as typeof import("../resources/certificateAuthorityHandler"))
      .certificateAuthorityHandler,
  Consumer: () =>
    (require("../resources/consumerHandler") as typeof import("../resources/consumerHandler")).consumerHandler,
  Consumers: () =>
    (require("../resources/consumersHandler") as typeof import("../resources/consumersHandler")).consumersHandler,
  CredsFile: () =>
    (require("../resources/credsFileHandler") as typeof import("../resources/credsFileHandler")).credsFileHandler,
  GatewayLinks: () =>
    (require("../resources/gatewayLinksHandler") as typeof import("../resources/gatewayLinksHandler"))
      .gatewayLinksHandler,
  KeyValue: () =>
    (require("../resources/keyValueHandler") as typeof import("../resources/keyValueHandler")).keyValueHandler,
  KeyValueEntry: () =>
    (require("../resources/keyValueEntryHandler") as typeof import("../resources/keyValueEntryHandler"))
      .keyValueEntryHandler,
  KubernetesPreflight: () =>
    (require("../resources/kubernetesPreflightHandler") as typeof import("../resources/kubernetesPreflightHandler"))
      .kubernetesPreflightHandler,
  KubernetesRollout: () =>
    (require("../resources/kubernetesRolloutHandler") as typeof import("../resources/kubernetesRolloutHandler"))
      .kubernetesRolloutHandler,
  NackSettled: () =>
    (require("../resources/nackSettledHandler") as typeof import("../resources/nackSettledHandler")).nackSettledHandler,
  Nkey: () => (require("../resources/nkeyHandler") as typeof import("../resources/nkeyHandler")).nkeyHandler,
  ObjectStore: () =>
    (require("../resources/objectStoreHandler") as typeof import("../resources/objectStoreHandler")).objectStoreHandler,
  Operator: () =>
    (require("../resources/operatorHandler") as typeof import("../resources/operatorHandler")).operatorHandler,
  Password: () =>
    (require("../resources/passwordHandler") as typeof import("../resources/passwordHandler")).passwordHandler,
  Regions: () =>
    (require("../resources/regionsHandler") as typeof import("../resources/regionsHandler")).regionsHandler,
  Servers: () =>
    (require("../resources/serversHandler") as typeof import("../resources/serversHandler")).serversHandler,
  StoredObject: () =>
    (require("../resources/storedObjectHandler") as typeof import("../resources/storedObjectHandler"))
      .storedObjectHandler,
  Stream: () => (require("../resources/streamHandler") as typeof import("../resources/streamHandler")).streamHandler,
  Streams: () =>
    (require("../resources/streamsHandler") as typeof import("../resources/streamsHandler")).streamsHandler,
  User: () => (require("../resources/userHandler") as typeof import("../resources/userHandler")).userHandler,
};

export const kinds: readonly string[] = Object.keys(loaders);

export function handlerOf(kind: string): AnyHandler | undefined {
  return loaders[kind]?.();
}
