/** The promise's value, or the error once the time is over; what comes after that is let go. */
export function within<Value>(promise: Promise<Value>, timeout: number, late: () => Error): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), timeout);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Milliseconds in words, to a tenth of a second. */
export function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
