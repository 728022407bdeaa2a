import { NatsError } from "../errors";

/** A file of the command line, or one that it includes, of which nothing can be said. */
export class UnreadableFile extends NatsError {
  readonly why: string;
  constructor(file: string, cause: unknown) {
    const why = whyUnreadable(cause as NodeJS.ErrnoException);
    super(`${file}: ${why}`, { cause });
    this.why = why;
  }
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : message;
}
