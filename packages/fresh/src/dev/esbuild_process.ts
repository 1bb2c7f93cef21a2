import childProcess, { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as esbuild from "esbuild";

type Options = esbuild.BuildOptions & { write: false };

/** Builds, and ends esbuild's process; bundles must not overlap, since all share that process. */
export async function buildOnce(options: Options): Promise<esbuild.OutputFile[]> {
  const { result, process } = start(options);
  try {
    return (await result).outputFiles;
  } finally {
    process?.ref();
    const gone = process && once(process, "exit");
    await esbuild.stop();
    await gone;
  }
}

/**
 * `esbuild.stop()` does not wait for the process that it stops, and nothing else would tell when
 * it is gone. So the process is caught where it starts, which is inside this very call.
 */
function start(options: Options) {
  const { spawn } = childProcess;
  let process: ChildProcess | undefined;
  const catchingSpawn = (...args: Parameters<typeof spawn>) => process = spawn(...args);
  childProcess.spawn = catchingSpawn as typeof spawn;
  try {
    return { result: esbuild.build(options), process };
  } finally {
    childProcess.spawn = spawn;
  }
}
