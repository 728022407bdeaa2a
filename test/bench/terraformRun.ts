import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { measured } from "./measured";
import type { Figure, Phases, Work } from "./work";
import { streamSubject } from "./work";

/** The same by terraform-provider-jetstream, 50 at a time; both binaries are the caller's. */
export async function terraformRun(url: string, work: Work, terraform: string, provider: string): Promise<Phases> {
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-bench-"));
  try {
    writeFileSync(
      path.join(dir, "terraform.rc"),
      `provider_installation {
  dev_overrides { "nats-io/jetstream" = "${path.dirname(provider)}" }
  direct {}
}
`,
    );
    const env = { ...process.env, TF_CLI_CONFIG_FILE: path.join(dir, "terraform.rc"), TF_IN_AUTOMATION: "1" };
    const write = (changed: boolean): void => writeFileSync(path.join(dir, "main.tf"), configOf(url, work, changed));
    const run = async (...args: readonly string[]): Promise<Figure> =>
      measured(terraform, [...args, "-no-color", "-parallelism=50"], { cwd: dir, env });
    write(false);
    const up = await run("apply", "-auto-approve");
    const state = statSync(path.join(dir, "terraform.tfstate")).size;
    // A plan reads everything anew, unless it is told not to.
    const preview = await run("plan", "-refresh=false");
    const refreshed = await run("plan");
    write(true);
    const change = await run("apply", "-auto-approve");
    return { up, state, preview, refreshed, change, destroy: await run("destroy", "-auto-approve") };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function configOf(url: string, work: Work, changed: boolean): string {
  const streams = Array.from({ length: work.streams }, (_, index) => {
    const limit = changed && index % 10 === 0 ? "\n  max_msgs = 1000" : "";
    return `resource "jetstream_stream" "S${index}" {
  name = "S${index}"
  subjects = ["${streamSubject(index)}"]
  storage = "file"
  replicas = ${work.replicas}
  max_age = 86400${limit}
}
`;
  });
  const consumers = Array.from({ length: work.streams * work.consumers }, (_, at) => {
    const [stream, index] = [Math.floor(at / work.consumers), at % work.consumers];
    return `resource "jetstream_consumer" "S${stream}_C${index}" {
  stream_id = jetstream_stream.S${stream}.id
  durable_name = "C${index}"
  deliver_all = true
  max_delivery = ${changed && at % 10 === 0 ? 7 : 5}
}
`;
  });
  return `terraform {
  required_providers { jetstream = { source = "nats-io/jetstream" } }
}
provider "jetstream" { servers = "${url}" }
${streams.join("")}${consumers.join("")}`;
}
