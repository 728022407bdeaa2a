/**
 * Loaded first in tests and in the Node processes that their Pulumi starts: what its SDK loads for programs that send their
 * code along (a compiler, npm's tree), and which takes half of each start, is loaded when something is asked of it.
 */
const Module = require("node:module");

const late = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  if (!late.has(request) || !isOfPulumi(parent?.filename ?? "")) return load.call(this, request, parent, isMain);
  let loaded;
  const module = () => (loaded ??= load.call(this, request, parent, isMain));
  // Bound, so that it has nothing of its own that would have to be there.
  return new Proxy(function () {}.bind(), {
    get: (_target, key) => (key === "__esModule" && !loaded ? true : module()[key]),
    has: (_target, key) => key in module(),
    ownKeys: () => Reflect.ownKeys(module()),
    getOwnPropertyDescriptor: (_target, key) => {
      const found = Reflect.getOwnPropertyDescriptor(module(), key);
      return found && { ...found, configurable: true };
    },
    construct: (_target, args) => new (module())(...args),
    apply: (_target, self, args) => module().apply(self, args),
  });
};

function isOfPulumi(file) {
  return /[\\/]@pulumi[\\/]pulumi[\\/]/.test(file);
}
