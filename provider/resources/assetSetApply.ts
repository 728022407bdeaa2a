import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { calledMember, lookAt, stateOfMember } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member, Sent } from "./assetSet";
import { lossesOfRemoval, optionsOfEnd } from "./assetSetCheck";
import { attempts } from "./assetSetAttempts";
import { compareSets } from "./assetSetCompare";
import { cutShortAmong, endedAmong, unchanged } from "./assetSetCutShort";
import { leftTo, ownerElsewhere } from "./assetSetElsewhere";
import { reachedInTurn } from "./assetSetOrder";
import { SetStanding } from "./assetSetStanding";
import { untilAllCurrent } from "./assetSetWait";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { tellOthers } from "./othersChanges";

const defaultTimeout = 300_000;

/**
 * Brings the members to where the program wants them, 50 at a time: first those go that it does not name any more, then what
 * is there changes, then what is new is made. What fails is told by member, and the others go on.
 */
export async function applySet<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  olds: (Set & AssetSetOutputs) | undefined,
  news: Set,
): Promise<SetStanding<Inputs, Set>> {
  const compared = compareSets(kind, olds, news);
  const standing = new SetStanding(kind, news, compared);
  const { added, removed, same } = compared;
  const cut = await cutShortAmong(kind, context, () => jetStreamOf(context), same.map(unchanged));
  const ended = endedAmong(kind, context, same.map(unchanged));
  const changed = [...compared.changed, ...cut, ...ended];
  const touched = [...removed, ...changed.map(({ after }) => after), ...added];
  if (touched.length === 0) return standing;

  const base = await jetStreamOf(context);
  const js = await lookAt(kind, base, [...touched, ...changed.map(({ before }) => before)]);
  const facts = factsOf(base, await accountOf(base));
  const timeout = context.timeout ?? defaultTimeout;
  const deadline = Date.now() + timeout;
  const attempt = attempts(standing);

  const { alone = (_ids, work) => work() } = kind;
  await alone(
    removed.map(({ id }) => id),
    async () => {
      // Counted once for all: of what two wait for, each would rely on the other.
      const losses = once(() => lossesOfRemoval(kind, context, js, removed, news));
      await inTurns(removed, async (member) => {
        await attempt(member, async () => {
          await removeMember(kind, context, js, member, news, losses);
          standing.gone(member);
        });
      });
    },
  );

  const sent = new Map<string, Sent>();
  const send = async (before: Member<Inputs> | undefined, after: Member<Inputs>): Promise<void> => {
    await attempt(after, async () => {
      const left = Math.max(1000, deadline - Date.now());
      const done = await kind.send(context, js, facts, before && stateOfMember(before), after.full, left);
      sent.set(after.id, done);
      standing.stands(after, done.info, facts.version);
    });
  };
  const formers = new Map(changed.map(({ before }) => [before.id, before]));
  const wanted = [...changed.map(({ after }) => after), ...added];
  for (const group of reachedInTurn(wanted, kind.after)) {
    await inTurns(group, (member) => send(formers.get(member.id), member));
  }
  // What one gives up, such as a subject, another may take: as long as that helps, the refused ones try again.
  for (let again = standing.passing(); again.length > 0;) {
    await inTurns(again, (member) => send(formers.get(member.id), member));
    const still = standing.passing();
    if (still.length === again.length) break;
    again = still;
  }
  await settleAll(kind, base, standing, sent, deadline);
  return standing;
}

async function settleAll<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  js: JetStream,
  standing: SetStanding<Inputs, Set>,
  sent: ReadonlyMap<string, Sent>,
  deadline: number,
): Promise<void> {
  const pending = await untilAllCurrent(kind, js, sent, deadline);
  await inTurns([...sent.values()], async ({ mustBeWhole }) => {
    await mustBeWhole?.().catch((error: unknown) => {
      if (!(error instanceof NatsError)) throw error;
      standing.late(error.message);
    });
  });
  for (const [id, evidence] of pending) {
    const fix = "Fix: run `pulumi up` again when the servers are up; customTimeouts gives it longer";
    standing.late(`${calledMember(kind, id)}: not current in time; last seen: ${evidence}. ${fix}`);
  }
}

/** Ends a member; one that was given to somebody else meanwhile is left to that. */
async function removeMember<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  js: JetStream,
  member: Member<Inputs>,
  news: AssetSetInputs,
  losses: () => ReturnType<typeof lossesOfRemoval<Inputs>>,
): Promise<void> {
  const owner = await ownerElsewhere(kind, context, js, member.id);
  if (owner !== undefined) {
    const note = { severity: "warning", message: leftTo(owner) } as const;
    return tellOthers(context, [note], calledMember(kind, member.id));
  }
  const loss = (await losses()).get(member);
  if (loss) throw new NatsError(`${loss.reason}. Fix: ${loss.fix}`);
  const end = await kind.keep(context, js, member.id, optionsOfEnd(kind, member, news));
  await end();
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= work());
}
