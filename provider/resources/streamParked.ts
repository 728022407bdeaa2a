import type { JetStream } from "../apply/jetstream";
import { streamInfo, streamNames } from "../apply/jetstreamStreams";
import { isParked } from "../apply/parkedStream";
import { parkedSubject } from "../model/replacement";

export const parkedWords =
  "stores nothing: its subjects were taken away before its end, which was cut short; `up` gives them back";

/** Which of these streams have lost their subjects so; one request tells, where there is none. */
export async function parkedAmong(js: JetStream, names: readonly string[]): Promise<string[]> {
  const suspects = new Set(await parkedNames(js));
  const found = await Promise.all(
    names
      .filter((name) => suspects.has(name))
      .map(async (name) => {
        const info = await streamInfo(js, name).catch(() => undefined);
        return info && isParked(info.config) ? [name] : [];
      }),
  );
  return found.flat();
}

const freshFor = 500;
const looks = new WeakMap<object, { readonly at: number; readonly names: Promise<readonly string[]> }>();

/** Asked once for all resources that are looked at together. */
function parkedNames(js: JetStream): Promise<readonly string[]> {
  const known = looks.get(js.connection);
  if (known && Date.now() - known.at < freshFor) return known.names;
  const names = streamNames(js, parkedSubject(">")).catch(() => []);
  looks.set(js.connection, { at: Date.now(), names });
  return names;
}
