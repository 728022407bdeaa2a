import { NatsError } from "../errors";
import { nearest } from "../model/config/propertyName";
import { adapt } from "./adapt";
import type { DynamicProvider } from "./dynamicProvider";
import { endGracefully } from "./endGracefully";
import { typePrefix } from "./providerText";
import { handlerOf, kinds } from "./registry";

const providers = new Map<string, DynamicProvider>();

/** What the text in every resource's state calls (see providerText.ts): the provider of one kind of resource. */
export function handler(kind: string): DynamicProvider {
  const known = providers.get(kind);
  if (known) return known;
  const found = handlerOf(kind);
  if (!found) {
    const meant = nearest(kind, kinds);
    const correct = meant === undefined ? "correct the type" : `write ${typePrefix}${meant}`;
    throw new NatsError(
      `the installed pulumi-nats knows no resource of kind "${kind}". Fix: ${correct}; or, where a newer one made it, npm install pulumi-nats@latest`,
    );
  }
  endGracefully();
  const provider = adapt(found);
  providers.set(kind, provider);
  return provider;
}
