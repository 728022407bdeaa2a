/** A server with JetStream and an account of two users, for nats-server on a free port: see NatsServer.start. */
export const twoUsers = `
port: -1
jetstream { store_dir: "{dir}/js" }
accounts {
  APP { jetstream: enabled, users: [ { user: ann, password: "anns-secret" }, { user: bob, password: "bobs-secret" } ] }
  SYS { users: [ { user: sys, password: "sys-secret" } ] }
}
system_account: SYS
`;
