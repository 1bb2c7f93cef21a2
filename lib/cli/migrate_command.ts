import { z } from "zod";
import { type Command, EXIT } from "./command.ts";
import { readFlags } from "./flags.ts";

const HELP = `Usage: deno task migrate

Updates the database's schema, as every start does. Safe while other instances run: migrations take
a lock, and each is applied once.

Exit codes: 0 success, 1 failure, 2 invalid usage.`;

/** `deno task migrate`: Deno Deploy runs it before a new version gets traffic. */
export const migrateCommand: Command = {
  does: "update the database's schema",
  help: HELP,
  async run(wick, args, { out }) {
    readFlags(args, {}, z.object({}));
    await wick.services.pingDatabase();
    out("The schema is up to date");
    return EXIT.done;
  },
};
