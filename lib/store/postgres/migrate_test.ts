import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { createTestDatabase } from "../../testing/database/postgres.ts";
import { migrate, splitStatements } from "./migrate.ts";

const { db, close } = await createTestDatabase({ isMigrated: false });
Deno.test.afterAll(close);

async function folderOf(files: Record<string, string>): Promise<URL> {
  const folder = await Deno.makeTempDir();
  for (const [name, sql] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, sql);
  }
  return pathToFileURL(`${folder}/`);
}

const files = {
  "0001_one.sql": "create table one (x int); insert into one values (1);",
  "0002_two.sql": "alter table one add y int;",
  "notes.md": "not a migration",
};

Deno.test("migrate() applies each file once, even when several processes start together", async () => {
  const folder = await folderOf(files);
  const applied = await Promise.all([1, 2, 3].map(() => migrate(db, folder)));
  assert.deepEqual(applied.flat().sort(), ["0001_one.sql", "0002_two.sql"]);
  assert.deepEqual(await db.query("select * from one"), [{ x: 1, y: null }]);
  assert.deepEqual(await migrate(db, folder), []);
});

Deno.test("migrate() rejects a file that was changed after it had been applied", async () => {
  const folder = await folderOf({ ...files, "0001_one.sql": "create table one (x bigint);" });
  await assert.rejects(() => migrate(db, folder), /0001_one.sql was changed/);
});

Deno.test("migrate() rejects a database that a newer version has migrated", async () => {
  const folder = await folderOf({ "0001_one.sql": files["0001_one.sql"] });
  await assert.rejects(() => migrate(db, folder), /0002_two.sql, which this version of wick lacks/);
});

Deno.test("migrate() keeps nothing of a failed file, and keeps those before it", async () => {
  const folder = await folderOf({
    ...files,
    "0003_three.sql": "create table three (z int);",
    "0004_four.sql": "create table four (z int); select no_such_function();",
  });
  await assert.rejects(() => migrate(db, folder), /no_such_function/);
  const tables = await db.query<{ name: string }>(
    "select relname as name from pg_class where relname in ('three', 'four')",
  );
  assert.deepEqual(tables, [{ name: "three" }]);
});

Deno.test("splitStatements() ends statements outside of comments, strings and bodies only", () => {
  const sql = `-- one; it's a comment
create table a (b text default 'x;''y'); /* ; */
create function f() returns int language sql as $$ select 1; $$;
do $body$ begin perform 1; end $body$; ;
comment on column a."b;c" is 'd - e / f $1'
-- the end;`;
  assert.deepEqual(splitStatements(sql).map((one) => one.replace(/^--.*\n/, "")), [
    "create table a (b text default 'x;''y')",
    "/* ; */\ncreate function f() returns int language sql as $$ select 1; $$",
    "do $body$ begin perform 1; end $body$",
    `comment on column a."b;c" is 'd - e / f $1'\n-- the end;`,
  ]);
});

Deno.test("the files of migrations/ have one number each, without a gap", async () => {
  const folder = new URL("../../../migrations/", import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const numbers = names.map((name) => Number(name.slice(0, 4)));
  assert.deepEqual(numbers, names.map((_, i) => i + 1));
});
