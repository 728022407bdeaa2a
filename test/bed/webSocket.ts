import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The server's side of RFC 6455's handshake, with the protocol of Kubernetes' streams. */
export function acceptWebSocket({ headers }: IncomingMessage, socket: Duplex): Duplex {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
    "Sec-WebSocket-Protocol: v4.channel.k8s.io",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** What one of the streams says (1: output, 2: errors, 3: the end), in one frame. */
export function streamFrame(stream: number, text: string): Buffer {
  const payload = Buffer.from(`${String.fromCharCode(stream)}${text}`);
  if (payload.length > 125) throw new Error("longer texts need another frame");
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload]);
}

/** A frame that ends the connection. */
export const closeFrame = Buffer.from([0x88, 0]);
