import { z } from "zod";
import { type Command, EXIT } from "./command.ts";
import { readFlags } from "./flags.ts";

const HELP = `Usage: deno task migrate

Brings the database's schema up to date, as every start does. Safe while other instances run: they
wait for each other, and a repeat changes nothing.

Exit codes: 0 done, 1 could not, 2 bad usage.`;

/** `deno task migrate`: what Deno Deploy runs before it sends traffic to a new version. */
export const migrateCommand: Command = {
  does: "bring the database's schema up to date",
  help: HELP,
  async run(wick, args, { out }) {
    readFlags(args, {}, z.object({}));
    await wick.services.pingDatabase();
    out("The schema is up to date");
    return EXIT.done;
  },
};
