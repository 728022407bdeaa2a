import { NatsError } from "../errors";

/** What a look at the file system finds, undefined where nothing is: of what may not be read it must not look gone. */
export async function ifThere<Found>(look: Promise<Found>): Promise<Found | undefined> {
  try {
    return await look;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new NatsError(`${message}. Fix: run it as the user who made that, or give this one access`, { cause: error });
  }
}
