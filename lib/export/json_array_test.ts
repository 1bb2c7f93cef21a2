import assert from "node:assert/strict";
import { toJsonArray } from "./json_array.ts";

/** `text` in chunks of `size` bytes, as the array that they become. */
async function arrayOf(text: string, size: number): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, i) => bytes.slice(i * size, (i + 1) * size),
  );
  return await new Response(toJsonArray(ReadableStream.from(chunks))).text();
}

Deno.test("toJsonArray() makes one array of lines, wherever their bytes are cut", async () => {
  for (const size of [1, 2, 3, 7, 64]) {
    assert.equal(await arrayOf('{"a":1},\n{"ä":"，"},\n', size), '[\n{"a":1},\n{"ä":"，"}\n]\n');
    assert.equal(await arrayOf('{"a":1},\n', size), '[\n{"a":1}\n]\n');
  }
  assert.equal(await arrayOf("", 1), "[\n]\n");
});

Deno.test("toJsonArray() fails when its lines do", async () => {
  const failing = new ReadableStream<Uint8Array>({ pull: (out) => out.error(new Error("gone")) });
  await assert.rejects(new Response(toJsonArray(failing)).text(), /gone/);
});
