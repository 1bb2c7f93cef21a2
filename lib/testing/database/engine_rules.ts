/** A construct that a database engine refuses, or answers slowly. */
export interface Refusal {
  readonly engine: "Citus" | "TimescaleDB";
  readonly reason: string;
}

/** Words of a statement; those in parentheses are a nested list. */
type Node = string | Node[];

const read = (path: string) => Deno.readTextFileSync(new URL(`../../../${path}`, import.meta.url));

/** Tables for which docs/scaling.md calls a function of Citus. */
const tablesFor = (call: string) =>
  [...read("docs/scaling.md").matchAll(new RegExp(`select ${call}\\('(\\w+)'`, "g"))]
    .map(([, table]) => table!);

/** Tables that Citus distributes by `symbol_id`. */
export const DISTRIBUTED = tablesFor("create_distributed_table");

/** Tables that are on the coordinator only: neither distributed nor copied to every node. */
export const LOCAL = [...Deno.readDirSync(new URL("../../../migrations/", import.meta.url))]
  .flatMap(({ name }) => [...read(`migrations/${name}`).matchAll(/^create table (\w+) \(/gm)])
  .map(([, table]) => table!)
  .filter((table) => ![...DISTRIBUTED, ...tablesFor("create_reference_table")].includes(table));

const CHANGING =
  /^(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|nextval|current_timestamp|current_date|localtimestamp)$/;

/** Constructs of a statement that the engines refuse. */
export function findRefusals(sql: string): Refusal[] {
  const root = parse(sql);
  const reasons = levelsOf(root).flatMap(({ nodes, outer }) => [
    ...citusReasons(nodes, outer).map((reason) => ({ engine: "Citus" as const, reason })),
    ...timescaleReasons(nodes).map((reason) => ({ engine: "TimescaleDB" as const, reason })),
  ]);
  return [...new Map(reasons.map((one) => [one.reason, one])).values()];
}

function citusReasons(nodes: readonly Node[], outer: readonly Node[]): string[] {
  const text = textOf(nodes);
  const reasons: string[] = [];
  if (isWrite(nodes)) {
    const clauses = [after(nodes, "do update"), after(nodes, "returning")];
    const found = clauses.flatMap((clause) => wordsOf(clause)).find((word) => CHANGING.test(word));
    if (found !== undefined) {
      reasons.push(`${found}() in ON CONFLICT DO UPDATE or RETURNING, which must be immutable`);
    }
  }
  const changes = /^insert\b/.test(text) ? after(nodes, "do update") : nodes;
  if (isWrite(nodes) && /\binterval '/.test(textOf(changes, { isDeep: false }))) {
    reasons.push("a time computed by an update: pass it as a parameter");
  }
  if (/:: record\b/.test(text)) {
    reasons.push("a cast to record, which is lost on the way to workers: use record_image_eq");
  }
  const source = textOf(nodes, { isDeep: false });
  if (/^insert .*\bunnest \(\).* where not exists \(\).* on conflict/.test(source)) {
    reasons.push("an upsert from unnest() with a correlated NOT EXISTS: use a left join");
  }
  if (isLimitedBeforeLateral(nodes)) {
    reasons.push("a lateral join over a limited subquery: read its rows first");
  }
  const tables = tablesIn(nodes, DISTRIBUTED);
  if (tables.length === 0) return reasons;
  for (const part of partsOf(nodes)) {
    const [[own], [local]] = [tablesIn(part, DISTRIBUTED), tablesIn(part, LOCAL)];
    if (own === undefined || local === undefined) continue;
    reasons.push(`a join of ${own} with ${local}, which is on the coordinator only`);
  }
  if (tables.length > 1 && !/\bsymbol_id\b/.test(joinsOf(text))) {
    reasons.push(`a join of ${tables.join(" and ")} that is not by symbol_id`);
  }
  if (/(^|[^o][^r] )([a-z_]+\.)?symbol = \$\d/.test(text) || /symbol_id = \( select/.test(text)) {
    reasons.push("a symbol's name instead of its id, which sends the statement to every node");
  }
  const isOfOneSeries = /symbol_id = \$\d/.test(text);
  if (/^select from\b/.test(text) && !isOfOneSeries && tablesIn(outer, DISTRIBUTED).length === 0) {
    reasons.push("a subquery without columns, which is read into a record");
  }
  if (!isOfOneSeries && isForeign(nodes, outer)) {
    reasons.push("a subquery of a distributed table for each row of a table that is not");
  }
  return reasons;
}

function timescaleReasons(nodes: readonly Node[]): string[] {
  const text = textOf(nodes, { isDeep: false });
  const reasons: string[] = [];
  if (
    /^(with .* )?(update|delete from) klines\b/.test(text) && !/open_time (between|>=|>)/.test(text)
  ) {
    reasons.push("an update of klines without bounds of time, which unpacks every chunk");
  }
  for (const [i, node] of nodes.entries()) {
    if (node !== "lateral" || !Array.isArray(nodes[i + 1])) continue;
    const inner = textOf(nodes[i + 1] as Node[], { isDeep: false });
    if (
      / (from|join) klines\b/.test(inner) && !/ limit /.test(inner) &&
      !/open_time (between|>=|>|<|<=) \$/.test(inner)
    ) {
      reasons.push("a lateral join of klines without constants, which reads every chunk");
    }
  }
  if (/relation_size/.test(textOf(nodes)) && /'public'/.test(text)) {
    reasons.push("sizes of schema public only: chunks are in another one");
  }
  return reasons;
}

/** A level of a statement, and the level around it. */
interface Level {
  readonly nodes: readonly Node[];
  readonly outer: readonly Node[];
}

function levelsOf(nodes: readonly Node[], outer: readonly Node[] = []): Level[] {
  const inner = nodes.filter((node) => Array.isArray(node));
  // Parentheses of an expression belong to the statement around them.
  const around = isStatement(nodes) ? nodes : outer;
  return [
    ...isStatement(nodes) ? [{ nodes, outer }] : [],
    ...inner.flatMap((one) => levelsOf(one, around)),
  ];
}

const isStatement = ([first]: readonly Node[]) =>
  typeof first === "string" && /^(select|insert|update|delete|with|copy)$/.test(first);

const isWrite = (nodes: readonly Node[]) =>
  /^(with .*)?(insert|update|delete)\b/.test(textOf(nodes));

function isLimitedBeforeLateral(nodes: readonly Node[]): boolean {
  const from = nodes.indexOf("from");
  const limited = nodes.findIndex((node, i) =>
    i > from && Array.isArray(node) && nodes[i - 1] !== "lateral" && isFrom(nodes[i - 1]) &&
    isStatement(node) && node.includes("limit")
  );
  return limited >= 0 &&
    nodes.some((node, i) =>
      i > limited && nodes[i - 1] === "lateral" && Array.isArray(node) &&
      tablesIn(node, DISTRIBUTED).length > 0
    );
}

const isFrom = (node: Node | undefined) => node === "from" || node === "join" || node === ",";

/** The queries of a union. */
function partsOf(nodes: readonly Node[]): Node[][] {
  const at = nodes.findIndex((node) =>
    typeof node === "string" && /^(union|except|intersect)$/.test(node)
  );
  return at < 0 ? [[...nodes]] : [nodes.slice(0, at), ...partsOf(nodes.slice(at + 1))];
}

/** Names those of `tables` that a level itself reads or writes. */
function tablesIn(nodes: readonly Node[], tables: readonly string[]): string[] {
  return nodes.filter((node, i): node is string =>
    typeof node === "string" && tables.includes(node) &&
    /^(from|join|,|update|using|into)$/.test(String(nodes[i - 1]))
  );
}

/** True if a level depends on rows of a level around it that has no distributed table. */
function isForeign(nodes: readonly Node[], outer: readonly Node[]): boolean {
  if (outer.length === 0 || tablesIn(outer, DISTRIBUTED).length > 0) return false;
  const names = aliasesOf(outer);
  const own = aliasesOf(nodes);
  return wordsOf(nodes).some((word) => {
    const [table, column] = word.split(".");
    return column !== undefined && names.has(table!) && !own.has(table!);
  });
}

/** Names by which a level's tables are addressed. */
function aliasesOf(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>();
  nodes.forEach((node, i) => {
    if (!isFrom(node) && node !== "lateral" && node !== "update" && node !== "into") return;
    const rest = nodes.slice(i + 1);
    const table = rest[0];
    if (typeof table === "string" && table !== "lateral") names.add(table);
    const next = rest.slice(1).find((one) =>
      typeof one === "string" && !/^(as|with|ordinality)$/.test(one)
    );
    if (typeof next === "string" && /^[a-z_]+$/.test(next)) names.add(next);
  });
  return names;
}

/** Conditions of a level. */
const joinsOf = (text: string) => text.slice(text.search(/\b(join|where|using)\b/));

function after(nodes: readonly Node[], words: string): Node[] {
  const wanted = words.split(" ");
  const at = nodes.findIndex((_, i) => wanted.every((word, n) => nodes[i + n] === word));
  return at < 0 ? [] : nodes.slice(at + wanted.length);
}

const wordsOf = (nodes: readonly Node[]): string[] =>
  nodes.flatMap((node) => typeof node === "string" ? [node] : wordsOf(node));

function textOf(nodes: readonly Node[], { isDeep = true } = {}): string {
  return nodes.map((node) => typeof node === "string" ? node : `( ${isDeep ? textOf(node) : ""} )`)
    .join(" ").replaceAll("(  )", "()");
}

const WORD =
  /'(?:[^']|'')*'|"[^"]*"|\$\d+|[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*|\d+(?:\.\d+)?|::|<=|>=|<>|\S/g;

/** Splits a statement into words; strings and comments hold no words. */
function parse(sql: string): Node[] {
  const text = sql.replace(/--[^\n]*/g, "").toLowerCase();
  const stack: Node[][] = [[]];
  for (const [word] of text.matchAll(WORD)) {
    if (word === "(") {
      const group: Node[] = [];
      stack.at(-1)!.push(group);
      stack.push(group);
    } else if (word === ")") {
      if (stack.length > 1) stack.pop();
    } else {
      stack.at(-1)!.push(word);
    }
  }
  return stack[0]!;
}
