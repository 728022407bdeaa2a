import * as pulumi from "@pulumi/pulumi";
import { Account } from "../provider/resources/account";
import type { LeafHub, LeafLinkArgs, LeafNodeArgs } from "./leafNodeArgs";

/** A link as the cluster's arguments take it: its remote, and the files that this names. */
export interface LeafLink {
  readonly remote: object;
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The leaf node's own link and the further ones. */
export function leafLinks(args: LeafNodeArgs): LeafLink[] {
  return [args, ...(args.links ?? [])].map((link, index) => leafLink(link, link.hub ?? args.hub, `hub-${index + 1}`));
}

function leafLink(link: LeafLinkArgs, hub: LeafHub, name: string): LeafLink {
  const { account, user, password, creds, denyImports, denyExports } = link;
  const [caFile, credsFile] = [`${name}/ca.pem`, `${name}/user.creds`];
  // Of another program's stack there may be none, which is told with all else.
  const urls = pulumi.output(hub.leafnodeUrls).apply((known) => (known as string[] | undefined) ?? []);
  const ca = pulumi.output(hub.caCertificate ?? "");
  const tls = pulumi.all([urls, ca]).apply(([all, pem]) =>
    // An explicit timeout: its default moves with TLS, and a reload refuses that.
    all.some((url) => url.startsWith("tls:"))
      ? { ...(pem === "" ? {} : { caFile: `current/${caFile}` }), timeout: "5s" }
      : undefined,
  );
  return {
    remote: {
      urls,
      // The URLs get it when they are written, so that a preview knows them before the password is made.
      ...(user === undefined
        ? {}
        : { login: { user, ...(password === undefined ? {} : { password: pulumi.secret(password) }) } }),
      tls,
      ...(account === undefined ? {} : { account: account instanceof Account ? account.publicKey : account }),
      ...(creds === undefined ? {} : { credentials: `current/${credsFile}` }),
      ...(denyImports === undefined ? {} : { denyImports }),
      ...(denyExports === undefined ? {} : { denyExports }),
    },
    files: hub.caCertificate === undefined ? {} : { [caFile]: ca },
    secretFiles: creds === undefined ? {} : { [credsFile]: pulumi.secret(creds) },
  };
}
