import { NatsError } from "../errors";

/** All results, once all have come to their end: nothing goes on behind an error. What went wrong anywhere is one error. */
export async function allOf<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(work);
  const failed = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const [first] = failed;
  if (first && failed.length === 1) throw first;
  if (first) throw new NatsError([...new Set(failed.map((error) => error.message))].join("\n"), { cause: first });
  return settled.map((one) => (one as PromiseFulfilledResult<Result>).value);
}
