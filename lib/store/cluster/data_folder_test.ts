import assert from "node:assert/strict";
import { join } from "node:path";
import { type AppError, describeError } from "../../core/errors.ts";
import { makeDataFolder } from "./data_folder.ts";

const folder = await Deno.makeTempDir({ prefix: "wick data " });
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

Deno.test("makeDataFolder() creates missing folders, and accepts a link to a folder", async () => {
  await makeDataFolder(join(folder, "a/b"));
  assert.ok(Deno.statSync(join(folder, "a/b")).isDirectory);
  await Deno.symlink(join(folder, "a/b"), join(folder, "link"));
  await makeDataFolder(join(folder, "link"));
  await makeDataFolder(join(folder, "link/"));
});

Deno.test("makeDataFolder() names the folder, the cause and the setting", async () => {
  const file = join(folder, "file");
  await Deno.writeTextFile(file, "");
  const closed = join(folder, "closed");
  await Deno.mkdir(closed, { mode: 0o555 });
  const failures: [string, RegExp][] = [
    [file, /^Cannot create the folder .*file: a file has this name; set DATA_DIR [\w ]+$/],
    [join(file, "x"), /^Cannot create the folder .*x: a part of the path is a file; set DATA_DIR/],
  ];
  if (Deno.uid() !== 0) { // root can write everywhere
    const cause = "this account has no permission; set DATA_DIR";
    failures.push(
      [closed, new RegExp(`^Cannot write to the folder .*closed: ${cause}`)],
      [join(closed, "x"), new RegExp(`^Cannot create the folder .*x: ${cause}`)],
    );
  }
  for (const [path, message] of failures) {
    await assert.rejects(makeDataFolder(path), (error: AppError) => {
      assert.equal(error.code, "store_unavailable");
      assert.match(describeError(error), message); // as printed
      return true;
    });
  }
});
