/** Lets so many at once through, the others in the order of their coming. */
export class ChannelQueue {
  #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get running(): number {
    return this.#running;
  }

  /** The host allows fewer: as many as run beside this one. */
  allow(limit: number): void {
    this.#limit = Math.max(1, limit);
  }

  async enter(): Promise<void> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
  }

  leave(): void {
    const next = this.#running <= this.#limit ? this.#waiting.shift() : undefined;
    // The place goes on to the next one.
    if (next) next();
    else this.#running--;
  }
}
