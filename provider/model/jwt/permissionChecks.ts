import type { Problem } from "../../errors";
import { isSubset, subjectFault, subjectsCollide } from "../names";
import type { PermissionSettings } from "./userSettings";

type ListName = "allowPub" | "denyPub" | "allowSub" | "denySub" | "allowPubsub" | "denyPubsub";
const lists: readonly ListName[] = ["allowPub", "denyPub", "allowSub", "denySub", "allowPubsub", "denyPubsub"];

/** Subjects that are none, and what is allowed although it is denied. `path` is where the permissions stand. */
export function permissionProblems(settings: PermissionSettings, path = ""): Problem[] {
  const given = lists.filter((name) => Array.isArray(settings[name]));
  const faults = given.flatMap((name) =>
    settings[name]!.flatMap((subject, index) =>
      subjectProblem(`${path}${name}[${index}]`, subject, /sub$/i.test(name)),
    ),
  );
  if (faults.length > 0) return faults;
  return [
    ...contradictions(settings, path, "Pub"),
    ...contradictions(settings, path, "Sub"),
    ...deafProblems(settings, path),
  ];
}

/** A subject that may name a queue group after a space, where it is one of subscriptions. */
export function subjectProblem(path: string, subject: unknown, mayQueue = false): Problem[] {
  if (typeof subject !== "string") return [];
  const [first = "", queue, ...more] = mayQueue ? subject.split(" ") : [subject];
  const fault = subjectFault(first) ?? (queue === undefined ? undefined : subjectFault(queue));
  if (fault !== undefined || more.length > 0) {
    const reason = `"${subject}" ${fault ?? "has more than a subject and a queue group"}`;
    return [
      {
        path,
        reason,
        fix: `"${
          subject
            .replace(/\s+/g, ".")
            .replace(/\.{2,}/g, ".")
            .replace(/^\.|\.$/g, "") || "orders.>"
        }"`,
      },
    ];
  }
  return [];
}

function contradictions(settings: PermissionSettings, path: string, verb: "Pub" | "Sub"): Problem[] {
  const deny = [...(settings[`deny${verb}`] ?? []), ...(settings.denyPubsub ?? [])];
  const names = [`allow${verb}`, "allowPubsub"] as const;
  return names.flatMap((name) =>
    (settings[name as ListName] ?? []).flatMap((subject, index) => {
      const cover = deny.find((denied) => isSubset(subject.split(" ")[0]!, denied) && !denied.includes(" "));
      if (cover === undefined) return [];
      const what = verb === "Pub" ? "publishing" : "subscribing";
      const reason = `"${subject}" is allowed, but ${what} to "${cover}" is denied, and a denial always wins`;
      return [{ path: `${path}${name}[${index}]`, reason, fix: `take one of the two out` }];
    }),
  );
}

/** Who may ask JetStream or a service, but hears no answer, waits for a timeout each time. */
function deafProblems(settings: PermissionSettings, path: string): Problem[] {
  const { allowPub = [], allowSub, allowPubsub = [] } = settings;
  const asks = [...allowPub, ...allowPubsub].find((subject) => /^\$(JS|KV|O|SYS)\./.test(subject));
  const hears = allowSub === undefined && allowPubsub.length === 0 ? [">"] : [...(allowSub ?? []), ...allowPubsub];
  if (asks === undefined || hears.some((subject) => subjectsCollide(subject.split(" ")[0]!, "_INBOX.>"))) return [];
  const reason = `"${asks}" may be asked, but no inbox may be subscribed to: every answer is lost (unless clients have an inbox prefix of their own)`;
  return [{ path: `${path}allowSub`, reason, fix: `allowSub: ["_INBOX.>", …]`, severity: "warning" }];
}
