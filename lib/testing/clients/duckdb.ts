import { DuckDBInstance } from "@duckdb/node-api";

// Runs the SQL statements given as the only argument; prints the rows of the last as JSON, values
// as DuckDB writes them.
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const reader = await connection.runAndReadAll(Deno.args[0]!);
const rows = reader.getRows().map((row) => row.map((value) => String(value)));
await new Blob([JSON.stringify(rows)]).stream().pipeTo(Deno.stdout.writable);
