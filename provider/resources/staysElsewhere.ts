import type { CallContext } from "../host/handler";
import { isElsewhere } from "../model/ownership";

/** Another resource has taken it over since: it is left to that one, which is said. */
export async function staysElsewhere(context: CallContext, name: string, owner: string | undefined): Promise<boolean> {
  if (!isElsewhere(context, owner)) return false;
  await context.warn(`${name} belongs to ${owner} now: it stays as it is`);
  return true;
}
