import type { ReloadChange } from "./change";
export function factChanges(): Readonly<Record<string, readonly ReloadChange[]>> {
  return {};
}
