import { permissionFields } from "./permissionFields";
import type { Fields } from "../jsonFields";

/** What a user's claims, and the template of a scoped signing key, are made of. */
export const userLimitFields: Fields = {
  ...permissionFields,
  subs: { json: "subs", kind: "quota" },
  data: { json: "data", kind: "sizeQuota" },
  payload: { json: "payload", kind: "sizeQuota" },
  sourceNetwork: { json: "src", kind: "texts" },
  time: { json: "times", kind: "texts" },
  locale: { json: "times_location", kind: "text" },
  bearer: { json: "bearer_token", kind: "flag" },
  connType: { json: "allowed_connection_types", kind: "texts" },
};

export const userFields: Fields = {
  ...userLimitFields,
  tag: { json: "tags", kind: "texts" },
};
