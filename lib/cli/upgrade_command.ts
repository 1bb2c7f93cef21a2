import { z } from "zod";
import { type Command, EXIT } from "./command.ts";
import { readFlags } from "./flags.ts";

const HELP = `Usage: deno task upgrade [--binaries DIR]

Copies the embedded PostgreSQL's data from an older major version into a new cluster, table by table,
compares the rows, and then replaces the old cluster, which is kept beside it. Stop wick first. Needs
as much free disk space as the data takes.

  --binaries DIR   folder with the bin/ of the older PostgreSQL (default: /usr/lib/postgresql/MAJOR)

Exit codes: 0 done or nothing to do, 1 failed (nothing was changed), 2 bad usage.`;

/** `deno task upgrade`: the only way in which data of an older PostgreSQL is opened. */
export const upgradeCommand: Command = {
  does: "copy the embedded PostgreSQL's data from an older version",
  help: HELP,
  async run(wick, args, { out }) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    const done = await wick.upgrade(flags.binaries);
    if (done === undefined) {
      out("Nothing to do: the data is of this version, or there is none");
      return EXIT.done;
    }
    const rows = [...done.rows.values()].reduce((sum, count) => sum + count, 0);
    out(`Carried ${rows} rows over from PostgreSQL ${done.from} to ${done.to}, each as it was`);
    if (done.strangers.length > 0) out(`Left behind: ${done.strangers.join(", ")}`);
    out(`The old data is in ${done.kept}: delete it after checking`);
    return EXIT.done;
  },
};

const FLAGS = { binaries: { type: "string" } } as const;
const flagsSchema = z.object({ binaries: z.string().min(1, "must be a folder").optional() });
