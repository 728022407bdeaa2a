/** Says on standard error what takes long, again every 15 s, and how it ended. */
export function progress(what: string): (end: string) => void {
  const started = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  process.stderr.write(`pulumi-nats: ${what} …\n`);
  const timer = setInterval(() => process.stderr.write(`pulumi-nats: ${what} … ${seconds()}\n`), 15_000);
  return (end) => {
    clearInterval(timer);
    process.stderr.write(`pulumi-nats: ${what}: ${end} after ${seconds()}\n`);
  };
}
