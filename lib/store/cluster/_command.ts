type CommandOptions = Pick<
  Deno.CommandOptions,
  "uid" | "gid" | "cwd" | "env" | "clearEnv" | "signal"
>;

/** Runs a program to its end, and returns both outputs as one text. */
export async function outputOf(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    ...options,
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { success, text: text.trim() };
}
