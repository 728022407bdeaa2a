import assert from "node:assert/strict";
import { PartialFailure } from "../../provider/host/handler";

/** What is left of an object whose change has gone wrong half way, with the reasons. */
export async function partialFailure<State extends object>(work: Promise<unknown>): Promise<PartialFailure<State>> {
  const error = await work.then(
    () => assert.fail("it went through"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PartialFailure, String(error));
  return error as PartialFailure<State>;
}
