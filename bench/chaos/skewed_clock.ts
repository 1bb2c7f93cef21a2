// Loaded into wick with `--preload`: its wall clock runs ahead of the machine's by the milliseconds
// that the file CHAOS_CLOCK names. PostgreSQL's clock and the machine's stay as they are.
const RealDate = Date;
const path = Deno.env.get("CHAOS_CLOCK")!;
let aheadMs = 0;

function read(): void {
  try {
    aheadMs = Number(Deno.readTextFileSync(path)) || 0;
  } catch {
    aheadMs = 0; // the file is not there yet
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
