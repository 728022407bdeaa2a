/** For `NODE_OPTIONS="--require pulumi-nats/register" pulumi import …`: in other Node processes than the provider's it does nothing. */
import { extension } from "./extension";

extension();
