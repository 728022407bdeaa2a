import { streamMark } from "./streamMark";

const coming = streamMark();

/** Remembers an object store that the program makes: in a preview it is not there yet for those that come after it. */
export const announceStore = coming.set;

/** Its stream comes, or is there by now. */
export const isComing = coming.has;
