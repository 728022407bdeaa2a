import type { Duplex } from "node:stream";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import type { SshSettings } from "../../model/ssh";
import type { HostKeyVerdict, HostKeys } from "./hostKeys";
import { ssh2 } from "./ssh2";
import type { SshAuth } from "./sshAuth";
import { keepalive, watchLiveness } from "./sshLiveness";
import { expiredPassword, lateLogin, loginFailure } from "./sshLoginFailure";
import { sshUser } from "./sshUser";
import { within } from "../within";

/** One try: the handshake with its host key, and the login. */
export class SshLogin {
  /** What the host showed, and what is known of it. */
  key: Buffer | undefined;
  verdict: HostKeyVerdict | undefined;
  readonly #settings: SshSettings;
  readonly #auth: SshAuth;
  readonly #keys: HostKeys;
  #shaken = false;

  constructor(settings: SshSettings, auth: SshAuth, keys: HostKeys) {
    this.#settings = settings;
    this.#auth = auth;
    this.#keys = keys;
  }

  /** `left` of the whole `timeout`, in milliseconds. */
  async run(
    stream: Duplex,
    algorithms: readonly ServerHostKeyAlgorithm[],
    left: number,
    timeout: number,
  ): Promise<Client> {
    const { Client } = ssh2();
    const client = new Client();
    const failure = (error?: Error): Error => loginFailure(this.#settings, this.#auth, this.#shaken, error);
    const ready = new Promise<Client>((resolve, reject) => {
      client.on("error", (error) => reject(failure(error)));
      client.on("close", () => reject(failure()));
      client.on("handshake", () => (this.#shaken = true));
      client.on("change password", () => reject(expiredPassword(this.#settings)));
      client.once("ready", () => {
        watchLiveness(stream, () => client.destroy());
        resolve(client);
      });
    });
    client.connect({
      sock: stream,
      username: sshUser(this.#settings),
      readyTimeout: 0,
      ...keepalive,
      algorithms: { serverHostKey: [...algorithms] },
      hostVerifier: (key: Buffer) => {
        this.key = key;
        this.verdict = this.#keys.judge(key);
        return this.verdict.kind === "known";
      },
      authHandler: this.#auth.handler,
    });
    return within(ready, left, () => lateLogin(this.#settings, this.#shaken, timeout)).catch((error: unknown) => {
      client.destroy();
      throw error;
    });
  }
}
