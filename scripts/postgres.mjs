// Prints the folder of PostgreSQL's programs (initdb, postgres); installs Debian's package where there is none (needs root).
// `node scripts/postgres.mjs`
import { dirname } from "node:path";
import { installed } from "./apt.mjs";

console.log(dirname(installed("PostgreSQL", ["/usr/lib/postgresql/*/bin/initdb", "initdb"], "postgresql")));
