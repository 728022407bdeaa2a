import type * as k8s from "@pulumi/kubernetes";
import { ProblemsError } from "../provider/errors";

/** The library of which objects of Kubernetes are made: only programs that have some need it. */
export function kubernetesSdk(): typeof k8s {
  try {
    return require("@pulumi/kubernetes") as typeof k8s;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes("'@pulumi/kubernetes'")) throw error;
    const reason = "is not installed here, and objects of Kubernetes are made with it";
    throw new ProblemsError("@pulumi/kubernetes", [{ path: "", reason, fix: "npm install @pulumi/kubernetes" }]);
  }
}
