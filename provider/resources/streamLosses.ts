import { streamMark } from "./streamMark";

const losing = streamMark();

/**
 * Remembers whether the change of a stream that was just looked at deletes messages: what is counted for its consumers in the
 * same preview is counted before that. Once it is sent, it is true no more.
 */
export const announceLoss = losing.set;

/** A change that deletes messages of that stream comes first. */
export const losesFirst = losing.has;
