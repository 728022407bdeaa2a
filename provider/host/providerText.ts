/** Prefix of every type token of this library's dynamic resources. */
export const typePrefix = "pulumi-nodejs:dynamic/nats:";

/** Property in which the program tells the provider where its inputs are secrets: their paths. */
export const secretsProperty = "__secrets";

/**
 * The program text that Pulumi keeps in the state of every resource and evaluates to find the provider. It is a frozen
 * contract: states that contain it live for years, so neither the module that it names nor `handler` may ever move.
 *
 * It looks from the program's folder first, then from where Pulumi's SDK lies, which is what finds the package under pnpm when the
 * program does not depend on it directly. The path of a package in node_modules never gets into it, so an upgrade changes nothing.
 */
export function providerText(kind: string): string {
  return `exports.handler=()=>require(require.resolve("pulumi-nats/host",{paths:[".",process.argv[1]]})).handler("${kind}")`;
}
