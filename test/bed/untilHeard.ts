/** For the first messages to a new stream: its interest crosses routes in its own time, and until then a publish finds nobody (503). */
export const untilHeard = { retries: 40 };
