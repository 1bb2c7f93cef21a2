import { within } from "../../core/deadline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Maintenance } from "../../ports/boards.ts";
import type { Services } from "../../http/define.ts";
import { sharedRead } from "../../http/shared_read.ts";

/** Data of every page's frame. */
export interface PageShell {
  /** Set when stored candles came from a simulator, with its name. */
  readonly simulated: string | undefined;
  /** The reason why the exchange is unreachable. */
  readonly failure: string | undefined;
  readonly host: string | undefined;
  readonly maintenance: Maintenance | undefined;
  /** End of the exchange's ban. */
  readonly waitUntil: EpochMs | undefined;
  readonly serverTime: EpochMs;
}

/** The error page of an unresponsive database must not wait for that database again. */
const SIMULATED_MS = 500;

/** Never throws: an error page has the same frame. */
export async function readPageShell(services: Services): Promise<PageShell> {
  const { failure, host } = services.exchange.read();
  return {
    ...await sharedRead(services, "shell", () => readStored(services)),
    failure: failure?.message,
    host,
    serverTime: services.exchange.serverTime(),
  };
}

type Stored = Pick<PageShell, "simulated" | "maintenance" | "waitUntil">;

/** The parts from the database and KV, which all pages of a moment share. */
async function readStored(services: Services): Promise<Stored> {
  const [simulated, maintenance, waitUntil] = await Promise.all([
    within(services.simulated(), SIMULATED_MS, () => new Error("late"))
      .catch(() => services.exchange.read().simulated),
    services.maintenance().catch(() => undefined),
    readWait(services),
  ]);
  return { simulated, maintenance, waitUntil };
}

async function readWait({ budget, now }: Services): Promise<EpochMs | undefined> {
  const { ban } = await budget.read().catch(() => ({ ban: undefined }));
  return ban !== undefined && ban.until > now() ? ban.until : undefined;
}
