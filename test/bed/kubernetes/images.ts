import { readFileSync } from "node:fs";
import path from "node:path";
import { findTool } from "../../../provider/tools/findTool";
import { built, once } from "./build";
import { packImage } from "./packImage";
import type { Image } from "./packImage";
import { cacheFolder, here } from "./paths";

/** The Kubernetes bed's servers, as users name them. */
export const natsImages = ["2.15.2", "2.14.9"].map((version) => ({ version, image: `nats:${version}-alpine` }));

/** Folder of archives, one for each image: nothing is ever pulled. */
export async function packedImages(): Promise<string> {
  const programs = await built("images");
  const target = cacheFolder(`archives-${path.basename(programs).split("-").at(-1)}`, "images.ts", "packImage.ts");
  return once(target, async (folder) => {
    for (const image of await images(programs)) await packImage(image, folder);
  });
}

async function images(programs: string): Promise<Image[]> {
  const own = (name: string): string => path.join(programs, name);
  const nack = pinned("github.com/nats-io/nack");
  const exporter = pinned("github.com/nats-io/prometheus-nats-exporter");
  const inPath = (file: string): Image["files"] => ({ [`usr/local/bin/${path.basename(file)}`]: file });
  const servers = await Promise.all(
    natsImages.map(async ({ version, image }) => ({
      name: `docker.io/library/${image}`,
      files: inPath(await findTool("nats-server", version)),
      entrypoint: ["nats-server"],
      shell: true,
    })),
  );
  return [
    ...servers,
    { name: "localhost/pause:1", files: { pause: own("pause") }, entrypoint: ["/pause"] },
    tool(`docker.io/natsio/nats-server-config-reloader:${nack}`, own("nats-server-config-reloader")),
    tool(`docker.io/natsio/jetstream-controller:${nack}`, own("jetstream-controller")),
    tool(`docker.io/natsio/prometheus-nats-exporter:${exporter}`, own("prometheus-nats-exporter")),
    // Stands in for the box: the real nats command line and a shell, without nsc and nats-top.
    {
      name: "docker.io/natsio/nats-box:0.19.7-nonroot",
      files: inPath(await findTool("nats", "0.4.0")),
      entrypoint: ["/bin/sh", "-l"],
      shell: true,
    },
    // Stands in for the web UI: takes its flags, reads its contexts, shows their names.
    { name: "ghcr.io/nats-nui/nui:0.9.3", files: { "cmd/nui-web": own("nui-web") }, entrypoint: ["/cmd/nui-web"] },
  ];
}

function tool(name: string, file: string): Image {
  const target = `usr/local/bin/${path.basename(file)}`;
  return { name, files: { [target]: file }, entrypoint: [`/${target}`] };
}

function pinned(module: string): string {
  const text = readFileSync(path.join(here, "modules/images/go.mod"), "utf8");
  return new RegExp(`${module} v(\\S+)`).exec(text)![1]!;
}
