import type { Command } from "./commands.ts";
import { mergePath, toSegments } from "./routing/path.ts";

/** A command of an inner app as the outer app runs it: under the mount path and its own base. */
export function mountedCommand<State>(
  command: Command<State>,
  path: string,
  basePath: string,
): Command<State> {
  if (command.kind === "app" || command.kind === "notFound") return command;
  const mounted = { ...command };
  if ("segments" in mounted) {
    mounted.segments = [
      ...toSegments(path, true),
      ...toSegments(basePath, true),
      ...mounted.segments,
    ];
  }
  if ("pattern" in mounted) {
    mounted.pattern = mergePath(mergePath(path, basePath || "*", true), mounted.pattern, true);
  }
  return mounted;
}
