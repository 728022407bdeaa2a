import type { Through } from "../model/through";
import { dialDirectly, dialerOf } from "./dialers";

/** Members of INFO, the line with which a server greets. */
export interface ServerGreeting {
  readonly version?: string;
  readonly tls_verify?: boolean;
}

/** What a server says of itself before anyone enters; undefined where nothing comes in time (milliseconds). */
export async function serverGreeting(
  server: string,
  timeout: number,
  through?: Through,
): Promise<ServerGreeting | undefined> {
  const [, host = server, port = "4222"] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? [];
  const dial = through
    ? dialerOf(through).dial(host, Number(port), timeout)
    : dialDirectly(host, Number(port), timeout);
  const socket = await dial.catch(() => undefined);
  if (!socket) return undefined;
  return new Promise((resolve) => {
    let text = "";
    const end = (greeting: ServerGreeting | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(greeting);
    };
    const timer = setTimeout(() => end(undefined), timeout);
    socket.on("error", () => end(undefined));
    socket.on("close", () => end(undefined));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const line = /^INFO (.*)\r\n/.exec(text)?.[1];
      if (line !== undefined) end(parsed(line));
      else if (text.length > 65_536) end(undefined);
    });
  });
}

function parsed(line: string): ServerGreeting | undefined {
  try {
    return JSON.parse(line) as ServerGreeting;
  } catch {
    return undefined;
  }
}
