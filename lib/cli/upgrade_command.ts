import { z } from "zod";
import { type Command, EXIT } from "./command.ts";
import { readFlags } from "./flags.ts";

const HELP = `Usage: deno task upgrade [--binaries DIR]

Carries the embedded PostgreSQL's data over from an older major version: into a new cluster, table by
table, compared row by row, and only then in place of the old one, which is kept beside it. Stop wick
first. It needs the disk space of the data once more.

  --binaries DIR   folder with the bin/ of the older PostgreSQL (default: /usr/lib/postgresql/MAJOR)

Exit codes: 0 done or nothing to do, 1 could not (nothing was changed), 2 bad usage.`;

/** `deno task upgrade`: the only way in which data of an older PostgreSQL is opened. */
export const upgradeCommand: Command = {
  does: "carry the embedded PostgreSQL's data over from an older version",
  help: HELP,
  async run(wick, args, { out }) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    const done = await wick.upgrade(flags.binaries);
    if (done === undefined) {
      out("Nothing to do: the data are of this version, or there are none");
      return EXIT.done;
    }
    const rows = [...done.rows.values()].reduce((sum, count) => sum + count, 0);
    out(`Carried ${rows} rows over from PostgreSQL ${done.from} to ${done.to}, each as it was`);
    if (done.strangers.length > 0) out(`Left behind: ${done.strangers.join(", ")}`);
    out(`The old data are in ${done.kept}: delete them when you are content`);
    return EXIT.done;
  },
};

const FLAGS = { binaries: { type: "string" } } as const;
const flagsSchema = z.object({ binaries: z.string().min(1, "must be a folder").optional() });
