/**
 * What a program's resources tell each other while one process serves them: one for each configuration of the provider,
 * which each kind of resource gets as a map of its own.
 */
export function ofProgram<Value>(
  make: () => Value,
): (context: { readonly config: ReadonlyMap<string, string> }) => Value {
  const programs = new Map<string, Value>();
  return ({ config }) => {
    const key = JSON.stringify([...config].sort());
    const found = programs.get(key) ?? make();
    programs.set(key, found);
    return found;
  };
}
