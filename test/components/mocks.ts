import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Runs a program on mocks and gives what it registered, with secrets and outputs resolved; in a preview, outputs of a {@link Vm} are unknown. */
export async function register(program: () => unknown, { preview = false } = {}): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        const inputs = resource.inputs as Registered["inputs"];
        registered.push({ type: resource.type, name: resource.name, inputs });
        return { id: `${resource.name}-id`, state: { ...inputs, ...outputsOf(resource.type) } };
      },
      call: () => ({}),
    },
    "project",
    "stack",
    preview,
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    await program();
  });
  await pulumi.runtime.disconnect();
  return registered;
}

/** A machine whose addresses are known once it is made. */
export class Vm extends pulumi.CustomResource {
  declare readonly publicIp: pulumi.Output<string>;
  declare readonly privateIp: pulumi.Output<string>;
  declare readonly hostKey: pulumi.Output<string>;
  constructor(name: string) {
    super("cloud:index:Vm", name, { publicIp: undefined, privateIp: undefined, hostKey: undefined });
  }
}

function outputsOf(type: string): Record<string, unknown> {
  if (type.endsWith("Password")) return { result: "generated-password" };
  if (type.endsWith("Nkey")) return { publicKey: "UGENERATED", seed: "SUGENERATED" };
  if (/Certificate/.test(type)) return { cert: "CERT", key: "KEY", ca: "CA" };
  return {};
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
