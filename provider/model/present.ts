type Open<Part> = { [Key in keyof Part]-?: undefined extends Part[Key] ? Key : never }[keyof Part];

/** A part with what may be undefined in it absent instead. */
export type Present<Part> = Omit<Part, Open<Part>> & {
  [Key in Open<Part>]?: Exclude<Part[Key], undefined>;
};

/** The members that are not undefined. */
export function present<Part extends object>(part: Part): Present<Part> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Present<Part>;
}
