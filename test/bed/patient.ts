/** The client gives a request up after one second, which a busy machine takes now and then. */
export const patient = { timeout: 20_000 } as const;
