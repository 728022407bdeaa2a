import { connect } from "node:net";
import type { Seen } from "../../provider/apply/wait";

/** What a server says first to whoever dials one of its ports: its INFO. */
export async function greeting(host: string, port: number): Promise<Seen<{ readonly server_name: string }>> {
  const socket = connect({ host, port, timeout: 2000 });
  try {
    const text = await new Promise<string>((resolve, reject) => {
      let said = "";
      socket.on("data", (part) => ((said += part.toString()).includes("\r\n") ? resolve(said) : undefined));
      socket.once("timeout", () => reject(new Error("silence")));
      socket.once("error", reject);
      socket.once("end", () => reject(new Error("it hung up")));
    });
    return { value: JSON.parse(/^INFO (.*)\r\n/.exec(text)![1]!) as { server_name: string } };
  } catch (error) {
    return { pending: `${host}:${port}: ${(error as Error).message}` };
  } finally {
    socket.destroy();
  }
}
