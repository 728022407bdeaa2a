import { streamMark } from "./streamMark";

const ending = streamMark();

/**
 * Remembers whether the stream is about to be replaced: the engine ends what depends on it first, and the messages that go with
 * the interest of consumers must be there when the stream is backed up, or its end refused.
 */
export const announceEnd = ending.set;

/** Its consumers go with it, when it goes. */
export const endsSoon = ending.has;
