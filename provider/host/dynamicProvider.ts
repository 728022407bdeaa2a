/** Property bags as they travel between the engine and the provider. */
export type Bag = Record<string, unknown>;

/** What Pulumi's dynamic-provider server calls. */
export interface DynamicProvider {
  configure(request: ConfigureRequest): Promise<void>;
  check(olds: Bag, news: Bag): Promise<{ inputs?: Bag; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Bag, news: Bag): Promise<DynamicDiff>;
  create(inputs: Bag): Promise<{ id: string; outs: Bag }>;
  read(id: string, props: Bag): Promise<{ id: string; props: Bag; inputs?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(id: string, props: Bag): Promise<void>;
}

export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

export interface DynamicDiff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}
