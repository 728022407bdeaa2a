import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import {
  consumerInfo,
  createConsumer,
  deleteConsumer,
  pauseConsumer,
  updateConsumer,
} from "../../provider/apply/jetstreamConsumers";
import type { ConsumerInfo } from "../../provider/apply/jetstreamConsumers";
import { settledConsumer } from "../../provider/model/consumerSettled";
import { sameJson } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import type { AssetImpact } from "../../provider/plan/assetImpact";

/** What a server makes of a change, and what it says. */
export interface ConsumerAnswer {
  readonly impact: AssetImpact;
  readonly evidence: string;
  /** The consumer afterwards, where the server took the change. */
  readonly live?: ConsumerInfo;
}

/** What the server does: the class of the change as the server's own answers show it. */
export async function consumerAnswer(
  js: JetStream,
  info: ConsumerInfo,
  wanted: JsonObject,
  copy: JsonObject,
  withoutEffect: boolean,
): Promise<ConsumerAnswer> {
  const stream = info.stream_name;
  try {
    await updateConsumer(js, stream, wanted);
    if (!sameJson(info.config["pause_until"], wanted["pause_until"])) {
      const { config } = (await consumerInfo(js, stream, info.name))!;
      assert.deepEqual(config["pause_until"], info.config["pause_until"], "an update leaves the pause as it is");
      await pauseConsumer(js, stream, info.name, wanted["pause_until"] as string | undefined);
    }
  } catch (error) {
    const evidence = (error as Error).message;
    // As a replacement goes about it: consumers of a work queue share nothing.
    await deleteConsumer(js, stream, info.name);
    const impact = await createConsumer(js, stream, copy).then(
      () => "replace" as const,
      () => "refused" as const,
    );
    return { impact, evidence };
  }
  if (withoutEffect) return { impact: "replace", evidence: "taken without effect" };
  const live = (await consumerInfo(js, stream, info.name))!;
  if (sameJson(settledConsumer(info.config), settledConsumer(live.config))) {
    return { impact: "none", evidence: "the configuration stays as it is", live };
  }
  return { impact: "update", evidence: "taken", live };
}
