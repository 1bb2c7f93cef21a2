import { KLINE_COLUMNS } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { LineLayout, OpenExport } from "../ports/kline_exporter.ts";
import { concat } from "./concat.ts";

/** Positions of a CSV's bytes: its header, then blocks of each series. */
export interface CsvMap {
  readonly size: number;
  readonly header: Uint8Array;
  readonly blocks: readonly {
    readonly index: number;
    readonly from: EpochMs;
    /** Position of the block's first byte. */
    readonly offset: number;
  }[];
}

function layoutOf({ heads }: OpenExport, time: "iso" | "ms"): LineLayout {
  return { format: "csv", time, isNamed: heads.length > 1, hasHeader: false };
}

/** Measures the CSV written with `time`. Reads all rows, within the database. */
export async function mapCsv(open: OpenExport, time: "iso" | "ms"): Promise<CsvMap> {
  const layout = layoutOf(open, time);
  const isImported = open.heads.some(({ imported }) => imported !== undefined);
  const names = [
    ...layout.isNamed ? ["symbol", "interval"] : [],
    ...KLINE_COLUMNS,
    ...isImported ? ["source"] : [],
  ];
  const header = new TextEncoder().encode(`${names}\n`);
  const blocks: CsvMap["blocks"][number][] = [];
  let offset = header.length;
  for (const index of open.heads.keys()) {
    for (const { from, bytes } of await open.blocks(index, layout)) {
      blocks.push({ index, from, offset });
      offset += bytes;
    }
  }
  return { size: offset, header, blocks };
}

/**
 * Bytes `first` to `last`, inclusive, of the CSV measured by `map`; reads as little as possible.
 */
export function csvPart(
  open: OpenExport,
  time: "iso" | "ms",
  map: CsvMap,
  { first, last }: { readonly first: number; readonly last: number },
): ReadableStream<Uint8Array> {
  const layout = layoutOf(open, time);
  const wanted = map.blocks.filter(({ offset }, i) =>
    offset <= last && (map.blocks[i + 1]?.offset ?? map.size) > first
  );
  const isHeaderWanted = first < map.header.length;
  const parts = [...new Set(wanted.map(({ index }) => index))].map((index) => {
    const from = wanted.find((block) => block.index === index)!.from;
    const lastBlock = wanted.findLast((block) => block.index === index)!;
    const after = map.blocks[map.blocks.indexOf(lastBlock) + 1];
    const range = after?.index === index ? { from, to: after.from } : { from };
    return () => open.lines(index, layout, range);
  });
  const begin = isHeaderWanted ? 0 : wanted[0]!.offset;
  return cut(
    concat([...isHeaderWanted ? [() => streamOf(map.header)] : [], ...parts]),
    { skip: first - begin, take: last - first + 1 },
  );
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(out) {
      out.enqueue(bytes);
      out.close();
    },
  });
}

/** Skips `skip` bytes, passes `take` bytes on, and discards the rest. */
function cut(
  bytes: ReadableStream<Uint8Array>,
  { skip, take }: { skip: number; take: number },
): ReadableStream<Uint8Array> {
  let [toSkip, toTake] = [skip, take];
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        const part = chunk.subarray(toSkip, toSkip + toTake);
        toSkip = Math.max(0, toSkip - chunk.length);
        toTake -= part.length;
        if (part.length > 0) out.enqueue(part);
      },
      flush(out) {
        if (toTake > 0) out.error(new RangeError(`The part ended ${toTake} bytes early`));
      },
    }),
  );
}
