import { within } from "../../core/deadline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Maintenance } from "../../ports/boards.ts";
import type { Services } from "../../http/define.ts";

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
  const { failure, host, simulated } = services.exchange.read();
  return {
    simulated: await within(services.simulated(), SIMULATED_MS, () => new Error("late"))
      .catch(() => simulated),
    failure: failure?.message,
    host,
    maintenance: await services.maintenance().catch(() => undefined),
    waitUntil: await readWait(services),
    serverTime: services.exchange.serverTime(),
  };
}

async function readWait({ budget, now }: Services): Promise<EpochMs | undefined> {
  const { ban } = await budget.read().catch(() => ({ ban: undefined }));
  return ban !== undefined && ban.until > now() ? ban.until : undefined;
}
