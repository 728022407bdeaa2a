/**
 * Who runs pulumi lets everything go that would be refused: `PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`. What a program
 * wants kept first ("backup") is kept all the same.
 */
export function allowedForAll(): boolean {
  return process.env["PULUMI_NATS_ON_DATA_LOSS"] === "allow";
}
