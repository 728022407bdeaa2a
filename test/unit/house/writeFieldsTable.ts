import { readFileSync, writeFileSync } from "node:fs";
import { withFieldsTable } from "./fieldsTable";

writeFileSync("README.md", withFieldsTable(readFileSync("README.md", "utf8")));
