/** Inputs without members that are undefined or null, which are as good as absent. */
export function givenInputs<Inputs extends object>(news: Inputs): Inputs {
  const entries = Object.entries(news).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as Inputs;
}
