import { hostname } from "node:os";
import { kill } from "node:process";
import { AppError } from "../../core/errors.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Leases } from "../../ports/boards.ts";
import type { Clock, Logger } from "../../ports/host.ts";
import type { Kv, KvHandle } from "./kv.ts";

/**
 * The holder of a lease. With process and machine, another process detects that the holder was
 * killed.
 */
interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly machine: string;
  readonly until: EpochMs;
}

/** Longest time for which a holder killed on another machine blocks its job. */
const TERM_MS = 15_000;
const RENEW_MS = 5_000;
/**
 * Maximum clock difference between two instances; a lease that ends later comes from a wrong clock.
 */
const MAX_SKEW_MS = 300_000;

/**
 * Leases in KV. Without KV every instance gets each lease, because jobs may safely run twice. On a
 * hosted platform none gets one, because its instances could together exceed the exchange's limits.
 */
export function createLeases(
  { kv, error }: KvHandle,
  clock: Clock,
  log: Logger,
  { isHosted = false } = {},
): Leases {
  const machine = isHosted ? crypto.randomUUID() : hostname(); // host names and pids repeat there
  return {
    async hold(name, signal, work) {
      if (!kv) {
        if (isHosted) throw new AppError("store_unavailable", `Cannot run ${name}: ${error}`);
        await work(signal);
        return true;
      }
      const lease = new Lease(kv, name, { clock, machine });
      if (!await lease.acquire(signal)) return false;
      const lost = new AbortController();
      const renewal = setInterval(() => {
        lease.renew().catch((error) => {
          log.warn(`Lost the lease of ${name}: ${error.message}`);
          lost.abort(error);
        });
      }, RENEW_MS);
      try {
        await work(AbortSignal.any([signal, lost.signal]));
        return true;
      } finally {
        clearInterval(renewal);
        await lease.release();
      }
    },
  };
}

class Lease {
  #kv: Kv;
  #key: Deno.KvKey;
  #clock: Clock;
  #machine: string;
  #id = crypto.randomUUID();

  constructor(kv: Kv, name: string, own: { clock: Clock; machine: string }) {
    this.#kv = kv;
    this.#key = ["lease", name];
    this.#clock = own.clock;
    this.#machine = own.machine;
  }

  async acquire(signal: AbortSignal): Promise<boolean> {
    let entry = await this.#get();
    const isAhead = (entry.value?.until ?? 0) > this.#clock.now() + MAX_SKEW_MS;
    if (isAhead && !this.#isDead(entry.value!)) {
      // Written with a clock that was ahead: a live holder renews it.
      const { versionstamp } = entry;
      await this.#clock.sleep(RENEW_MS + RENEW_MS / 2, signal);
      entry = await this.#get();
      if (entry.value !== null && entry.versionstamp !== versionstamp) return false;
    } else if (
      entry.value && entry.value.until > this.#clock.now() && !this.#isDead(entry.value)
    ) return false;
    const isOurs = await this.#set(entry);
    if (isOurs) HELD.add(this.#id);
    return isOurs;
  }

  async renew(): Promise<void> {
    const entry = await this.#get();
    // No entry: it has expired, or KV was damaged and replaced.
    const isOthers = entry.value !== null && entry.value.id !== this.#id;
    if (isOthers || !await this.#set(entry)) {
      throw new Error("another instance took it over");
    }
  }

  async release(): Promise<void> {
    HELD.delete(this.#id);
    const entry = await this.#get();
    if (entry.value?.id !== this.#id) return;
    await this.#kv.atomic().check(entry).delete(this.#key).commit();
  }

  #get() {
    return this.#kv.get<Holder>(this.#key);
  }

  async #set(entry: Deno.KvEntryMaybe<Holder>): Promise<boolean> {
    const holder: Holder = {
      id: this.#id,
      pid: Deno.pid,
      machine: this.#machine,
      until: this.#clock.now() + TERM_MS,
    };
    const write = this.#kv.atomic().check(entry).set(this.#key, holder, { expireIn: TERM_MS });
    return (await write.commit()).ok;
  }

  /** True if the holder was a process on this machine that has ended. */
  #isDead({ id, pid, machine }: Holder): boolean {
    if (machine !== this.#machine) return false;
    if (pid === Deno.pid) return !HELD.has(id);
    try {
      kill(pid, 0);
      return false;
    } catch (error) {
      return (error as { code?: string }).code === "ESRCH";
    }
  }
}

/** Leases held by this process: in a container every run has the same machine and pid. */
const HELD = new Set<string>();
