import { homedir } from "node:os";
import path from "node:path";
import type { ProgramResource } from "../render/program";
import type { AccountWay } from "./discoverAccounts";

/** What one account holds. */
export interface AccountFound {
  readonly way: AccountWay;
  readonly resources: readonly ProgramResource[];
}

/**
 * One program of several accounts: a provider for each, and what it holds behind it, taken in by the `import` option, since
 * `pulumi import` knows no provider that the stack has not made yet. What two accounts have the same name for is called by both names.
 */
export function programOf(accounts: readonly AccountFound[]): ProgramResource[] {
  const owners = new Map<string, number>();
  for (const { resources } of accounts) {
    for (const { kind, name } of resources) owners.set(`${kind} ${name}`, (owners.get(`${kind} ${name}`) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const unused = (kind: string, wanted: string): string => {
    let name = wanted;
    for (let count = 2; taken.has(`${kind} ${name}`); count++) name = `${wanted}-${count}`;
    taken.add(`${kind} ${name}`);
    return name;
  };
  return accounts.flatMap(({ way, resources }): ProgramResource[] => {
    const account = way.name!;
    const names = new Map<string, string>();
    for (const { kind, name } of resources) {
      const isShared = owners.get(`${kind} ${name}`)! > 1;
      names.set(`${kind} ${name}`, unused(kind, isShared ? `${account}-${name}` : name));
    }
    const provider: ProgramResource = {
      kind: "Provider",
      name: account,
      id: "",
      comment: `Account ${account}.`,
      props: entry(way),
    };
    return [provider, ...resources.map((resource) => within(provider, resource, names))];
  });
}

/** What the stack's own connection does not say: see the settings that go with the program. */
function entry({ own, context, creds }: AccountWay): ProgramResource["props"] {
  if (!own) return {};
  if (creds !== undefined) return { credsFile: fromHome(creds) };
  return { context: context!.endsWith(".json") ? path.resolve(context!) : context };
}

/** A path that is found from whatever folder, and for whoever keeps the file at the same place at home. */
function fromHome(file: string): string {
  const [absolute, home] = [path.resolve(file), `${homedir()}${path.sep}`];
  return absolute.startsWith(home) ? `~/${absolute.slice(home.length)}` : absolute;
}

function within(
  provider: ProgramResource,
  resource: ProgramResource,
  names: ReadonlyMap<string, string>,
): ProgramResource {
  const name = names.get(`${resource.kind} ${resource.name}`)!;
  // The resource's name stands for it where the program says no other.
  const own = ownName[resource.kind];
  const named = own !== undefined && name !== resource.name ? { [own]: resource.name } : {};
  const links = Object.entries(resource.links ?? {}).map(([property, link]) => [
    property,
    { ...link, name: names.get(`${link.kind} ${link.name}`)! },
  ]);
  return {
    ...resource,
    name,
    props: { ...named, ...resource.props },
    ...(links.length > 0 ? { links: Object.fromEntries(links) as ProgramResource["links"] } : {}),
    options: { provider: { kind: provider.kind, name: provider.name }, import: resource.id },
  };
}

const ownName: Readonly<Record<string, string>> = { Stream: "name", KeyValue: "bucket", ObjectStore: "bucket" };
