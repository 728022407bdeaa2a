import { strict as assert } from "node:assert";
import { toConfValue } from "../../../provider/conf/value";
import type { ConfMap } from "../../../provider/conf/value";
import { waypoint } from "../../../provider/plan/waypoint";

const from = of({
  http: 8222,
  cluster: { name: "east", listen: "127.0.0.1:1", routes: ["nats-route://127.0.0.1:1", "nats-route://127.0.0.1:2"] },
});
const to = of({
  http: 8223,
  cluster: {
    name: "east",
    listen: "127.0.0.1:1",
    routes: ["nats-route://u:p@127.0.0.1:1", "nats-route://u:p@127.0.0.1:3"],
    authorization: { user: "u", password: "p" },
  },
});

describe("waypoint", () => {
  it("brings the wanted routes and keeps old ones that lead elsewhere", () => {
    const routes = ["nats-route://u:p@127.0.0.1:1", "nats-route://u:p@127.0.0.1:3", "nats-route://127.0.0.1:2"];
    assert.deepEqual(
      waypoint("routes", from, to, []),
      of({ http: 8222, cluster: { name: "east", listen: "127.0.0.1:1", routes } }),
    );
  });

  it("brings only the ordered part beside the routes", () => {
    const change = { from: undefined, to: "u", impact: "ordered-reload" as const, why: "" };
    const result = waypoint("ordered", from, to, [{ ...change, path: "cluster.authorization.user" }]);
    assert.equal(result.get("http"), 8222n);
    assert.deepEqual((result.get("cluster") as ConfMap).get("authorization"), of({ user: "u", password: "p" }));
  });

  it("takes an ordered part away", () => {
    const change = { from: "u", to: undefined, impact: "ordered-reload" as const, why: "" };
    const result = waypoint("ordered", to, from, [{ ...change, path: "cluster.authorization.user" }]);
    assert.equal((result.get("cluster") as ConfMap).has("authorization"), false);
  });
});

function of(value: object): ConfMap {
  return toConfValue(value) as ConfMap;
}
