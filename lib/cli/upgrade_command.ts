import { z } from "zod";
import { type Command, EXIT } from "./command.ts";
import { readFlags } from "./flags.ts";

const HELP = `Usage: deno task upgrade [--binaries DIR]

Migrates the embedded PostgreSQL's data from an older major version. Copies all tables into a new
cluster, compares every row, and then replaces the old cluster, which is kept under another name. Stop
wick first. Needs as much free disk space as the data take.

  --binaries DIR   folder with the bin/ of the older PostgreSQL (default: /usr/lib/postgresql/MAJOR)

Exit codes: 0 success or nothing to do, 1 failure (nothing was changed), 2 invalid usage.`;

/** `deno task upgrade`: the only way to open data of an older PostgreSQL. */
export const upgradeCommand: Command = {
  does: "migrate the embedded PostgreSQL's data from an older version",
  help: HELP,
  async run(wick, args, { out }) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    const done = await wick.upgrade(flags.binaries);
    if (done === undefined) {
      out("Nothing to do: there are no data of an older version");
      return EXIT.done;
    }
    const rows = [...done.rows.values()].reduce((sum, count) => sum + count, 0);
    out(`Copied ${rows} rows from PostgreSQL ${done.from} to ${done.to}; all are identical`);
    if (done.strangers.length > 0) out(`Not copied: ${done.strangers.join(", ")}`);
    out(`The old data are in ${done.kept}: delete them after checking the new ones`);
    return EXIT.done;
  },
};

const FLAGS = { binaries: { type: "string" } } as const;
const flagsSchema = z.object({ binaries: z.string().min(1, "must be a folder").optional() });
