let running = 0;
let waiting: (() => void)[] = [];

/** Work that must come to an end of its own before the process ends. */
export async function call<Result>(work: () => Promise<Result>): Promise<Result> {
  running++;
  try {
    return await work();
  } finally {
    if (--running === 0) {
      for (const resolve of waiting) resolve();
      waiting = [];
    }
  }
}

/** When no call is under way. */
export function idle(): Promise<void> {
  return running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}
