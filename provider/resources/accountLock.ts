const tails = new Map<string, Promise<unknown>>();

/** Work on the claims of one account, one after the other: each reads what is there and pushes what is newer. */
export async function withAccount<Result>(publicKey: string, work: () => Promise<Result>): Promise<Result> {
  const before = tails.get(publicKey) ?? Promise.resolve();
  const mine = before.then(work, work);
  const tail = mine.catch(() => undefined);
  tails.set(publicKey, tail);
  try {
    return await mine;
  } finally {
    if (tails.get(publicKey) === tail) tails.delete(publicKey);
  }
}
