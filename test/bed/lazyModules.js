/**
 * Loaded first in tests and in the Node processes that their Pulumi starts: what its SDK loads for programs that send their code
 * along (a compiler, npm's tree and its packages), that run others or that are traced, which takes half of each start, is loaded
 * when something is asked of it.
 */
const Module = require("node:module");

const late = new Set(["typescript", "@npmcli/arborist", "normalize-package-data", "./automation"]);
/** Whose members are taken at once, and used where a run is traced. */
const lateMembers = new Set([
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  // A provider's places in the SDK's own sources are read by nobody, and each promise of it looks for one.
  const asker = parent?.filename ?? "";
  if (request === "source-map-support/register" && isOfPulumi(asker) && /dynamic-provider/.test(asker)) return {};
  const isLate = late.has(request) || lateMembers.has(request);
  if (!isLate || !isOfPulumi(asker)) return load.call(this, request, parent, isMain);
  const module = once(() => load.call(this, request, parent, isMain));
  if (late.has(request)) return lazily(module, (key) => module()[key]);
  return lazily(module, (key) => lazily(() => module()[key]));
};

/** Stands for a value that is made when something is asked of it; `member` has a way of its own for that. */
function lazily(value, member = (key) => value()[key]) {
  // Bound, so that it has nothing of its own that would have to be there.
  return new Proxy(function () {}.bind(), {
    get: (_target, key) => (key === "__esModule" ? true : member(key)),
    has: (_target, key) => key in value(),
    ownKeys: () => Reflect.ownKeys(value()),
    getOwnPropertyDescriptor: (_target, key) => {
      const found = Reflect.getOwnPropertyDescriptor(value(), key);
      return found && { ...found, configurable: true };
    },
    construct: (_target, args) => new (value())(...args),
    apply: (_target, self, args) => value().apply(self, args),
  });
}

function once(make) {
  let made;
  return () => (made ??= make());
}

function isOfPulumi(file) {
  return /[\\/]@pulumi[\\/]pulumi[\\/]/.test(file);
}
