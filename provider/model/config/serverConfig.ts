// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { IdentitySettings } from "./identityConfig";
import type { LimitSettings } from "./limitConfig";
import type { SecuritySettings } from "./securityConfig";
import type { ServiceSettings } from "./serviceConfig";
import type { Verbatim } from "./verbatim";

/** All of nats.conf, typed; property names are its keys in camelCase. */
export interface ServerConfig extends IdentitySettings, LimitSettings, SecuritySettings, ServiceSettings {
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
