import type { Handler } from "../host/handler";
import { createAccount, updateAccount } from "./accountApply";
import { checkAccount } from "./accountCheck";
import { deleteAccount } from "./accountDelete";
import { diffAccount } from "./accountDiff";
import { readAccount } from "./accountRead";
import type { AccountInputs, AccountState } from "./accountState";

export const accountHandler: Handler<AccountInputs, AccountState> = {
  kind: "Account",
  schema: 1,
  mixed: ["servers"],
  check: checkAccount,
  diff: diffAccount,
  create: createAccount,
  read: readAccount,
  update: updateAccount,
  delete: deleteAccount,
};
