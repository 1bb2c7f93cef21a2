// Loaded into wick with `--preload`: shifts its wall clock by the milliseconds in the file named by
// CHAOS_CLOCK. The clocks of PostgreSQL and the machine stay unchanged.
const RealDate = Date;
const path = Deno.env.get("CHAOS_CLOCK")!;
let aheadMs = 0;

function read(): void {
  try {
    aheadMs = Number(Deno.readTextFileSync(path)) || 0;
  } catch {
    aheadMs = 0; // the file does not exist yet
  }
}

class SkewedDate extends RealDate {
  constructor(...parts: unknown[]) {
    const given = parts.length === 0 ? [RealDate.now() + aheadMs] : parts;
    super(...given as []);
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

read();
Deno.unrefTimer(setInterval(read, 100));
globalThis.Date = SkewedDate as DateConstructor;
