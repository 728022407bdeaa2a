import { createConnection } from "node:net";

/** Members of INFO, the line with which a server greets. */
export interface ServerGreeting {
  readonly version?: string;
  readonly tls_verify?: boolean;
}

/** What a server says of itself before anyone enters; undefined where nothing comes in time (milliseconds). */
export async function serverGreeting(server: string, timeout: number): Promise<ServerGreeting | undefined> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? [];
  return new Promise((resolve) => {
    const socket = createConnection({ host: host ?? server, port: Number(port ?? 4222) });
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
