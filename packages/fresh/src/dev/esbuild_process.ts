import childProcess, { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as esbuild from "esbuild";

type Options = esbuild.BuildOptions & { write: false };

/** Builds, then ends esbuild's process. Builds share it, so they must not overlap. */
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
 * `esbuild.stop()` does not wait until its process has ended, and offers no other way to wait. So
 * the process is recorded where it starts, which is inside this call.
 */
function start(options: Options) {
  const { spawn } = childProcess;
  let process: ChildProcess | undefined;
  const recordingSpawn = (...args: Parameters<typeof spawn>) => process = spawn(...args);
  childProcess.spawn = recordingSpawn as typeof spawn;
  try {
    return { result: esbuild.build(options), process };
  } finally {
    childProcess.spawn = spawn;
  }
}
