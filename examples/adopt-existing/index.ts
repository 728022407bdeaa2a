/**
 * # Adopt what exists: streams and consumers that something else made
 *
 * Three ways to take over, none of which touches a message, and one to look without taking:
 *
 * - `import`: the live object must be as the program says; else `pulumi up` lists each difference and changes nothing. Take the
 *   option out after the first `up`.
 * - `adopt: true`: the live object becomes what the program says, as far as it can in place; the preview says what changes.
 * - a whole account at once: `npx pulumi-nats discover --context prod --out ./prod` writes the program and what imports it.
 * - `Stream.get`: reads a stream that stays somebody else's.
 *
 *     pulumi config set nats:servers nats://127.0.0.1:4222     # or nats:context, nats:creds, NATS_URL, …
 *     pulumi preview                                           # "imports … as it is", "adopts …: maxAge 0s → 720h"
 *     pulumi up
 *
 * `pulumi import` works too:
 * `NODE_OPTIONS="--require pulumi-nats/register" pulumi import pulumi-nodejs:dynamic/nats:Stream AUDIT AUDIT --generate-code=false`
 */
import * as nats from "pulumi-nats";

// As it is: made by hand long ago, with exactly these settings.
const orders = new nats.Stream(
  "ORDERS",
  { subjects: ["orders.>"], retention: "workqueue", maxBytes: "1GiB" },
  { import: "ORDERS", protect: true },
);

// As the program says from now on: whoever made it let it grow without end.
const audit = new nats.Stream("AUDIT", { subjects: ["audit.>"], maxAge: "720h", adopt: true });

const invoices = new nats.Consumer("invoices", { stream: orders.name, ackWait: "1m", maxDeliver: 10, adopt: true });

// Another team's: never changed from here, but its subjects are known.
const shipments = nats.Stream.get("shipments", "SHIPMENTS");

export const taken = [orders.name, audit.name, invoices.name];
export const shipped = shipments.subjects;
