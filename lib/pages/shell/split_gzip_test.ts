import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { splitGzip } from "./split_gzip.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("splitGzip() makes whole gzip streams around whatever comes between", async () => {
  const long = "candles and holes — ".repeat(5000);
  for (const [before, after] of [[long, long], ["", long], [long, ""], ["a", "b"], ["", ""]]) {
    const around = splitGzip(encode(before!), encode(after!));
    for (const between of ["", "n0nce", "0123456789abcdef0123456789abcdef"]) {
      const bytes = around(encode(between));
      // Both are strict about checksum and length.
      assert.equal(new TextDecoder().decode(gunzipSync(bytes)), before + between + after);
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      assert.equal(await new Response(stream).text(), before + between + after);
    }
  }
});
