import { connect } from "node:net";

/**
 * Calls `gone` when nobody listens at the engine's address any more. An idle connection tells it at once; that of an engine that
 * lives is closed every two minutes, since it is no caller's, and made anew.
 */
export function watchEngine(address: string, gone: () => void): void {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  const socket = connect({ host, port: Number(port) });
  let refused = false;
  socket.on("error", (error: NodeJS.ErrnoException) => (refused ||= error.code === "ECONNREFUSED"));
  socket.on("close", () => {
    if (refused) gone();
    else setTimeout(() => watchEngine(address, gone), pause).unref();
  });
  // It holds no process that has nothing else to do.
  socket.unref().resume();
}

const pause = 200;
