import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SshError } from "../../../provider/apply/ssh/sshError";
import type { SshFailure } from "../../../provider/apply/ssh/sshError";

/** The error of that kind that it must fail with; its message holds all of the words and none of the secrets. */
export async function sshFailure(
  promise: Promise<unknown>,
  failure: SshFailure,
  words: RegExp,
  secrets: readonly string[] = [],
): Promise<SshError> {
  const error = await promise.then(
    (value) => assert.fail(`it came to ${inspect(value, { depth: 0 })}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SshError)) throw error;
  assert.equal(error.failure, failure, error.message);
  assert.match(error.message, words);
  assert.ok(error.fix, `a fix in ${error.message}`);
  for (const secret of secrets) assert.ok(!`${error.message}${error.stack}`.includes(secret), "no secret in it");
  return error;
}

/** How long something took, in milliseconds, with what it came to. */
export async function timed<Value>(promise: Promise<Value>): Promise<{ value: Value; took: number }> {
  const started = Date.now();
  const value = await promise;
  return { value, took: Date.now() - started };
}
