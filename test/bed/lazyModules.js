/**
 * Loaded first in the provider processes of tests: what Pulumi's SDK loads for programs that send their code along
 * (a compiler, npm's tree), and which takes half of each start, is loaded when something is asked of it.
 */
const Module = require("node:module");

const late = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  if (!late.has(request)) return load.call(this, request, parent, isMain);
  let loaded;
  const module = () => (loaded ??= load.call(this, request, parent, isMain));
  return new Proxy(function () {}, {
    get: (_target, key) => (key === "__esModule" && !loaded ? true : module()[key]),
    has: (_target, key) => key in module(),
    ownKeys: () => Reflect.ownKeys(module()),
    getOwnPropertyDescriptor: (_target, key) => Reflect.getOwnPropertyDescriptor(module(), key),
    construct: (_target, args) => new (module())(...args),
    apply: (_target, self, args) => module().apply(self, args),
  });
};
