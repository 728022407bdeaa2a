import type { Duplex } from "node:stream";

/**
 * A socket for NATS' client, which takes all listeners off it after each of its steps and at its end. An error that comes then, such as
 * of a write that the other side no longer reads, would be nobody's and end the whole program; that it closes is heard in any case.
 */
export function clientSocket<Socket extends Duplex>(socket: Socket): Socket {
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...events: [event?: string | symbol]): Socket => {
    removeAll(...events);
    return socket.on("error", ignored);
  };
  return socket.on("error", ignored);
}

function ignored(): void {
  // Whoever listens hears it too.
}
