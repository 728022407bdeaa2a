import type { Through } from "../model/through";
import { dialDirectly, dialerOf } from "./dialers";

/** Members of INFO, the line with which a server greets. */
export interface ServerGreeting {
  readonly version?: string;
  readonly tls_verify?: boolean;
}

/** How a server greets; "silence" where the connection is taken and nothing comes, "nobody" where there is no connection. */
export type Greeted = ServerGreeting | "silence" | "nobody";

/** What a server says of itself before anyone enters, in so many milliseconds. */
export async function serverGreeting(server: string, timeout: number, through?: Through): Promise<Greeted> {
  const [, host = server, port = "4222"] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? [];
  const dial = through
    ? dialerOf(through).dial(host, Number(port), timeout)
    : dialDirectly(host, Number(port), timeout);
  const socket = await dial.catch(() => undefined);
  if (!socket) return "nobody";
  return new Promise((resolve) => {
    let text = "";
    const end = (greeting: Greeted): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(greeting);
    };
    const timer = setTimeout(() => end("silence"), timeout);
    socket.on("error", () => end("silence"));
    socket.on("close", () => end("silence"));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const line = /^INFO (.*)\r\n/.exec(text)?.[1];
      if (line !== undefined) end(parsed(line));
      else if (text.length > 65_536) end("silence");
    });
  });
}

function parsed(line: string): Greeted {
  try {
    return JSON.parse(line) as ServerGreeting;
  } catch {
    return "silence";
  }
}
