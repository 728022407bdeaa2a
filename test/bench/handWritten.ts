/**
 * The same streams as a dynamic resource of one's own each, as Pulumi's documentation shows to write one: what a user has
 * without this package, with its closure in every resource's state and the server's answer echoed into its outputs.
 */
export const handWritten = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { BENCH_URL: url, BENCH_CHANGED: changed } = process.env;
const [streams, replicas] = ["STREAMS", "REPLICAS"].map((key) => Number(process.env["BENCH_" + key]));
const file = require.resolve("./streamCalls.js");
const provider = {
  create: (inputs) => require(file).create(inputs),
  read: (id, props) => require(file).read(id, props),
  diff: (id, olds, news) => require(file).diff(olds, news),
  update: (id, olds, news) => require(file).update(news),
  delete: (id, props) => require(file).remove(props),
};
class Stream extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, { ...args, created: undefined, state: undefined });
  }
}
for (let index = 0; index < streams; index++) {
  new Stream("S" + index, {
    url,
    name: "S" + index,
    subjects: ["bench." + index + ".>"],
    storage: "file",
    num_replicas: replicas,
    max_age: 86_400_000_000_000,
    ...(changed && index % 10 === 0 ? { max_msgs: 1000 } : {}),
  });
}
`,
  "streamCalls.js": `
const { connect } = require("nats");
let connection;
async function ask(url, subject, payload) {
  connection ??= connect({ servers: url });
  const answer = await (await connection).request("$JS.API.STREAM." + subject, payload ? JSON.stringify(payload) : "", { timeout: 30_000 });
  const json = answer.json();
  if (json.error) throw new Error(subject + ": " + json.error.description);
  return json;
}
const configOf = ({ url, created, state, __provider, ...rest }) => rest;
const outputs = (inputs, { created, state }) => ({ ...inputs, created, state });
exports.diff = async (olds, news) => {
  const differs = (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]);
  const changed = Object.keys(news).filter((key) => key !== "__provider" && differs(key));
  const replaces = changed.filter((key) => ["url", "name", "storage"].includes(key));
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: true };
};
exports.create = async (inputs) =>
  ({ id: inputs.name, outs: outputs(inputs, await ask(inputs.url, "CREATE." + inputs.name, configOf(inputs))) });
exports.read = async (id, props) => ({ id, props: outputs(props, await ask(props.url, "INFO." + id)) });
exports.update = async (news) => ({ outs: outputs(news, await ask(news.url, "UPDATE." + news.name, configOf(news))) });
exports.remove = async (props) => void (await ask(props.url, "DELETE." + props.name));
`,
};
