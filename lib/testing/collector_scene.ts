import type { Series } from "../core/kline.ts";
import { parseTime } from "../core/time.ts";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../packages/simulator/simulator.ts";
import { testJobs } from "./collector.ts";
import { createTestDatabase } from "./database/postgres.ts";

/** Time of the exchange's clock in a scene. */
export const SCENE_NOW = parseTime("2025-06-15T10:20:30Z");

/** An exchange with half a year of history and a stopped clock, and an empty database. */
export async function scene(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({
    now: SCENE_NOW,
    since: parseTime("2025-01-01"),
    frozen: true,
    ...options,
  });
  const { db, url, close } = await createTestDatabase();
  return {
    simulator,
    db,
    url,
    jobs: testJobs(db, [simulator.url]),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await close();
    },
  };
}

/** The exchange's rows of a series, without the unused twelfth field. */
export function served(simulator: Simulator, { symbol, interval }: Series) {
  return simulator.candles(symbol, interval).map((row) => row.slice(0, 11));
}
