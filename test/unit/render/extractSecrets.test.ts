import assert from "node:assert/strict";
import { Reference, toConfValue } from "../../../provider/conf/value";
import type { ConfMap } from "../../../provider/conf/value";
import { extractSecrets } from "../../../provider/render/extractSecrets";

describe("Secrets of a configuration", () => {
  for (const url of ["nats://u:a/b@h:4222", "nats://token@h:4222", "URL(http://jwt:pw@h/jwt/v1/accounts/)"]) {
    it(`takes ${url} out as a whole`, () => {
      const { conf, secrets } = extractSecrets(new Map([["resolver", url]]));
      assert.deepEqual([conf.get("resolver"), secrets], [new Reference("RESOLVER"), { RESOLVER: url }]);
    });
  }

  it("are named by their users, so that another user in front renames none", () => {
    const app = { user: "app", password: "app-password" };
    const before = extract({ accounts: { APP: { users: [app] } } });
    const after = extract({ accounts: { APP: { users: [{ user: "first", password: "first-password" }, app] } } });
    assert.deepEqual(before.secrets, { ACCOUNTS_APP_USERS_APP_PASSWORD: "app-password" });
    assert.deepEqual(after.secrets, {
      ACCOUNTS_APP_USERS_FIRST_PASSWORD: "first-password",
      ACCOUNTS_APP_USERS_APP_PASSWORD: "app-password",
    });
  });

  it("get a number where two names come to the same", () => {
    const { conf, secrets } = extract({
      accounts: {
        "A-B": { users: [{ user: "x", password: "one-password" }] },
        A_B: { users: [{ user: "x", password: "two-password" }] },
      },
    });
    assert.deepEqual(secrets, {
      ACCOUNTS_A_B_USERS_X_PASSWORD: "one-password",
      ACCOUNTS_A_B_USERS_X_PASSWORD_2: "two-password",
    });
    assert.deepEqual(
      at(conf, "accounts", "A_B", "users", 0, "password"),
      new Reference("ACCOUNTS_A_B_USERS_X_PASSWORD_2"),
    );
  });

  it("stand in URLs and deep inside", () => {
    const { conf, secrets } = extract({
      leafnodes: {
        remotes: [{ urls: ["tls://leaf:leaf-password@hub.example:7422", "tls://hub.example:7423"], account: "APP" }],
        authorization: { users: [{ user: "leaf", password: "leaf-password-2" }] },
      },
      jetstream: { key: "encryption-key" },
    });
    assert.deepEqual(secrets, {
      LEAFNODES_REMOTES_1_URLS_HUB_EXAMPLE_7422: "tls://leaf:leaf-password@hub.example:7422",
      LEAFNODES_AUTHORIZATION_USERS_LEAF_PASSWORD: "leaf-password-2",
      JETSTREAM_KEY: "encryption-key",
    });
    assert.equal(at(conf, "leafnodes", "remotes", 0, "urls", 1), "tls://hub.example:7423");
  });

  it("that look like a number, a word or a size make no text of another setting", () => {
    const settings = {
      port: 4222,
      debug: true,
      max_payload: 1_048_576,
      accounts: { APP: { users: [{ user: "a", password: "4222" }] } },
    };
    const { conf, secrets } = extract(settings, ["4222", "true", "1048576"]);
    assert.deepEqual(secrets, { ACCOUNTS_APP_USERS_A_PASSWORD: "4222" });
    assert.equal(conf.get("port"), 4222n);
    assert.equal(conf.get("debug"), true);
    assert.equal(conf.get("max_payload"), 1_048_576n);
  });

  it("that the program marked are taken wherever they stand as a text, short ones only whole", () => {
    const { conf, secrets } = extract({ server_tags: ["abc", "abcdef", "x-marked-secret-y"] }, [
      "abc",
      "marked-secret",
    ]);
    assert.deepEqual(Object.values(secrets), ["abc", "x-marked-secret-y"]);
    assert.equal(at(conf, "server_tags", 1), "abcdef");
  });

  it("that are empty are no secrets", () => {
    assert.deepEqual(extract({ server_tags: ["", "x"] }, [""]).secrets, {});
  });
});

function extract(settings: object, known: readonly string[] = []): ReturnType<typeof extractSecrets> {
  return extractSecrets(toConfValue(settings) as ConfMap, known);
}

function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part instanceof Map ? (part.get(key) as unknown) : (part as unknown[])[key as number]),
    value,
  );
}
