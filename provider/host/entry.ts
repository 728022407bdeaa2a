import { NatsError } from "../errors";
import { adapt } from "./adapt";
import type { DynamicProvider } from "./dynamicProvider";
import { endGracefully } from "./endGracefully";
import { handlerOf } from "./registry";

const providers = new Map<string, DynamicProvider>();

/** What the text in every resource's state calls (see providerText.ts): the provider of one kind of resource. */
export function handler(kind: string): DynamicProvider {
  const known = providers.get(kind);
  if (known) return known;
  const found = handlerOf(kind);
  if (!found) {
    throw new NatsError(
      `the installed pulumi-nats knows no resource of kind "${kind}": it is older than the one that made it. Fix: npm install pulumi-nats@latest`,
    );
  }
  endGracefully();
  const provider = adapt(found);
  providers.set(kind, provider);
  return provider;
}
