import { Book } from "./book";
import { ParsedConf } from "./parsed";
import { Reader } from "./reader";

export interface ParseOptions {
  /** Name of the file: for messages, and as the place that includes are relative to. */
  readonly file?: string;
  /** Gives an included file's text, by its path from where the file's own path starts. Without it an include is an error. */
  readonly readFile?: (path: string) => string;
  /** Environment for variables that no key defines. Default none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Server whose reading counts where versions differ, such as "2.12.15". Default the newest. */
  readonly serverVersion?: string;
}

/** Reads a configuration as the server does, its traps too; throws a ConfSyntaxError where no server reads it. */
export function parseConf(text: string, options: ParseOptions = {}): ParsedConf {
  const book = new Book();
  const reader = new Reader(text, options.file, { options, book, files: [], variables: [], repeats: { count: 0 } });
  return new ParsedConf(reader.read(), book, options.serverVersion);
}
