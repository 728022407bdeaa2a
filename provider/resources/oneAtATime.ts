const tails = new Map<string, Promise<unknown>>();

/** Work on one thing, such as an account's claims, one after the other: each reads what is there before it writes. */
export async function oneAtATime<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
  const before = tails.get(thing) ?? Promise.resolve();
  const mine = before.then(work, work);
  const tail = mine.catch(() => undefined);
  tails.set(thing, tail);
  try {
    return await mine;
  } finally {
    if (tails.get(thing) === tail) tails.delete(thing);
  }
}
