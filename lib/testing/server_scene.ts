import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../packages/simulator/simulator.ts";
import { makeScratchFolder } from "./scratch_folder.ts";

export interface ServerSceneOptions {
  readonly settings: Readonly<Record<"SYMBOLS" | "INTERVALS", string>>;
  readonly exchange: SimulatorOptions;
  /** Called before the data folder is removed. */
  readonly beforeRemoval?: (dataDir: string) => Promise<void>;
}

export interface ServerScene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly dataDir: string;
  /** The settings with which wick uses both. */
  readonly env: Record<string, string>;
}

/** An exchange, a data folder, and the environment for a process of wick to use both. */
export async function openServerScene(options: ServerSceneOptions): Promise<ServerScene> {
  const { settings, exchange, beforeRemoval } = options;
  const simulator = await startSimulator(exchange);
  const dataDir = await makeScratchFolder("wick-server-");
  return {
    simulator,
    dataDir,
    env: {
      ...settings,
      DATA_DIR: dataDir,
      BINANCE_URLS: simulator.url,
      COINGECKO_URL: simulator.url,
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await beforeRemoval?.(dataDir);
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}
