import { LocalSimulator } from "./local_simulator.ts";
import type { Simulator, SimulatorOptions } from "./surface.ts";

export type { Simulator, SimulatorOptions };

/**
 * Starts a simulator in this process.
 *
 * @throws {AppError} `invalid_input` for files that cannot be replayed
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new LocalSimulator(options);
  await simulator.up();
  return simulator;
}
