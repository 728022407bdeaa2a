import assert from "node:assert/strict";
import { circlesAmong, filesUnder, importsOf, loadedWith, textOf } from "./sources";

const isSource = (file: string): boolean => /\.ts$/.test(file) && !file.endsWith(".d.ts");
const sources = [...filesUnder("provider", isSource), ...filesUnder("components", isSource)];

/** Usable by all: they import nothing of ours but each other. */
const leaves = ["provider/errors.ts", "provider/redact.ts", "provider/model/units.ts"];
/** The only files of the host's folder that others may use: contracts without any Pulumi in them. */
const contracts = ["provider/host/handler.ts", "provider/host/providerText.ts"];

const phases = ["conf", "model", "render", "plan", "apply"];
const allowed: Readonly<Record<string, readonly string[]>> = {
  conf: ["conf"],
  model: ["model", "conf"],
  render: ["render", "model", "conf"],
  plan: ["plan", "render", "model", "conf"],
  tools: ["tools"],
  apply: [...phases, "tools"],
  resources: [...phases, "tools", "resources"],
  host: [...phases, "tools", "resources", "host"],
  cli: [...phases, "tools", "resources", "host", "cli"],
  components: [...phases, "tools", "resources", "components"],
};
const pure = ["conf", "model", "render", "plan"];
/** Writes typed configuration from the facts, once for each release; not part of the package's run time. */
const generators = /^provider\/model\/config\/generate\w*\.ts$/;

function folderOf(file: string): string {
  const [first, second] = file.split("/");
  return first === "provider" && file.split("/").length > 2 ? second! : first!;
}

describe("imports", () => {
  it("go in one direction: conf, model, render, plan, apply, resources, then host and components", () => {
    const wrong = sources
      .filter((file) => !leaves.includes(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target, ours }) => ours && !leaves.includes(target) && !contracts.includes(target))
          .filter(({ target }) => !(allowed[folderOf(file)] ?? []).includes(folderOf(target)))
          .map(({ target }) => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });

  it("of the leaves are none but each other", () => {
    const wrong = leaves.flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => !leaves.includes(target))
        .map(({ target }) => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("of the host's contracts are none that run", () => {
    const wrong = contracts.flatMap((file) =>
      importsOf(file)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ target }) => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("find a file, and form no circle", () => {
    const missing = sources.flatMap((file) =>
      importsOf(file)
        .filter(({ target, ours }) => ours && !/\.(ts|json|js)$/.test(target))
        .map(({ target }) => `${file} imports ${target}`),
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(circlesAmong(sources), []);
  });

  it("of pure folders bring no I/O and no client", () => {
    const io =
      /^(node:)?(fs|net|tls|http|https|http2|child_process|dgram|dns|worker_threads|readline|os|process)(\/|$)|^nats$|^@nats-io\//;
    const wrong = sources
      .filter((file) => pure.includes(folderOf(file)) && !generators.test(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target, typeOnly }) => io.test(target) && !(typeOnly && target.startsWith("@nats-io/")))
          .map(({ target }) => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });

  it("of Pulumi stand only in components, resources and host", () => {
    const wrong = sources
      .filter((file) => !["components", "resources", "host"].includes(folderOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => target.startsWith("@pulumi/"))
          .map(({ target }) => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });

  it("of @pulumi/pulumi never run in the dynamic-provider process", () => {
    const loaded = [...loadedWith("provider/host/entry.ts", true)];
    assert.ok(
      loaded.includes("provider/resources/certificateHandler.ts"),
      "the registry's handlers are among what is loaded",
    );
    const wrong = loaded.flatMap((file) =>
      importsOf(file)
        .filter(({ target, typeOnly }) => target.startsWith("@pulumi/") && !typeOnly)
        .map(({ target }) => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("of heavy packages wait until they are needed", () => {
    const heavy =
      /^(nats|bcryptjs|commander|reflect-metadata|typescript|ts-node|ssh2|@peculiar\/.*|@nats-io\/.*|@pulumi\/kubernetes.*)$/;
    const eager = ["components/index.ts", "provider/host/entry.ts"].flatMap((entry) =>
      [...loadedWith(entry)].flatMap((file) =>
        importsOf(file)
          .filter(({ target, typeOnly, lazy }) => heavy.test(target) && !typeOnly && !lazy)
          .map(({ target }) => `${entry} loads ${target} by ${file}`),
      ),
    );
    assert.deepEqual(eager, []);
  });

  it("of packages are declared in package.json", () => {
    const { dependencies, peerDependencies } = JSON.parse(textOf("package.json")) as Record<
      string,
      Record<string, string>
    >;
    // A package may ask for its own files by its own name.
    const declared = new Set(["pulumi-nats", ...Object.keys(dependencies!), ...Object.keys(peerDependencies!)]);
    const wrong = sources
      .filter((file) => !generators.test(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target, ours }) => !ours && !target.startsWith("node:"))
          .filter(
            ({ target }) =>
              !declared.has(
                target
                  .split("/")
                  .slice(0, target.startsWith("@") ? 2 : 1)
                  .join("/"),
              ),
          )
          .map(({ target }) => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });
});
