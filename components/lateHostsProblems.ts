import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { hideSecrets } from "../provider/model/hideSecrets";
import type { HostArgs, HostsOptions } from "./hostsArgs";
import { hostListShape, hostsOptionsShape } from "./hostsShape";
import { hostsProblems } from "./hostsProblems";
import { leadsToPlaceholder, resolveInputs } from "./resolveInputs";

type Whole = HostsOptions & { readonly hosts: readonly HostArgs[] };

/** What is wrong with arguments that are Outputs, as far as they are known; what is plain has been judged before. */
export function lateHostsProblems(list: readonly HostArgs[], options: HostsOptions): pulumi.Output<Problem[]> {
  const { preview } = resolveInputs<Whole>({ ...options, hosts: list });
  return preview.apply(({ value, marked }) => {
    const { hosts, ...rest } = value;
    const known = (problem: Problem): boolean => !leadsToPlaceholder(value, problem.path);
    const wrong = [...hostListShape(hosts, "hosts"), ...hostsOptionsShape(rest, "")].filter(known);
    const all = wrong.length > 0 ? wrong : hostsProblems(hosts, rest).filter(known);
    return hideSecrets(all, marked);
  });
}
