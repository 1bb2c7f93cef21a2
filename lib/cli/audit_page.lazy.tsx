import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import {
  AUDIT_KINDS,
  type AuditKind,
  type FileAudit,
  isClean,
} from "../collector/files/running_audit.ts";
import { describeError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import { toIso } from "../core/time.ts";
import { VERSION } from "../core/version.ts";
import {
  type AuditReport,
  columnName,
  count,
  describeMark,
  describeTotal,
  KIND_WORDS,
  listColumns,
  verdictOf,
} from "./audit_text.ts";

/** Colours of the strip, which hold 3:1 against both backgrounds; each kind has its words too. */
const COLOURS: Readonly<Record<AuditKind, string>> = {
  different: "#c2410c",
  open: "#b45309",
  invented: "#9333ea",
  missing: "#dc2626",
  contradicted: "#be185d",
  rounded: "#2563eb",
  unknown: "#64748b",
  outage: "#78716c",
  equal: "#15803d",
};

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d6d3d1, #44403c); --soft: light-dark(#57534e, #a8a29e) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem;
  color: light-dark(#1c1917, #e7e5e4); background: light-dark(#fff, #1c1917) }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; overflow-wrap: anywhere; margin-bottom: .2rem }
section { border-top: 1px solid var(--line); padding-bottom: 1rem }
p { margin: .3rem 0 } .soft { color: var(--soft) }
svg { display: block; width: 100%; height: 1.75rem; margin: .6rem 0; border-radius: 4px }
ul.kinds { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; list-style: none }
.kinds i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em }
table { border-collapse: collapse } td, th { padding: .15rem 1rem .15rem 0; text-align: left }
td + td, th + th { text-align: right; font-variant-numeric: tabular-nums }
details pre { overflow-x: auto; font-size: .85rem }
`;

/** A report as one HTML page without references, to be sent to others. */
export function renderAuditPage(report: AuditReport): string {
  return `<!DOCTYPE html>${renderToString(<AuditPage {...report} />)}`;
}

function AuditPage({ outcomes, against, at }: AuditReport) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Audit of candles</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>Audit of candles</h1>
          <p>{describeTotal(outcomes, against)}.</p>
          <p class="soft">
            {toIso(at.getTime()).slice(0, 16).replace("T", " ")} UTC, wick {VERSION}
          </p>
          {outcomes.map(({ path, audit, error }) =>
            audit ? <SeriesAudit key={path} audit={audit} /> : (
              <section key={path}>
                <h2>{path}</h2>
                <p>Not compared. {describeError(error)}</p>
              </section>
            )
          )}
        </main>
      </body>
    </html>
  );
}

function SeriesAudit({ audit }: { readonly audit: FileAudit }) {
  const { path, format, range, candles, columns, examples, invalid, findings } = audit;
  const lines = [...examples.map(describeMark), ...invalid];
  return (
    <section>
      <h2>{path}</h2>
      <p class="soft">
        {seriesName(audit)}, {format}, {count(candles)} candles, {day(range.from)} to{" "}
        {day(range.to)}
      </p>
      <p>
        <strong>{verdictOf(audit)}</strong>
      </p>
      <Strip audit={audit} />
      <ul class="kinds">
        {AUDIT_KINDS.toReversed().filter((kind) => audit.counts[kind] > 0).map((kind) => (
          <li key={kind}>
            <i style={`background:${COLOURS[kind]}`} />
            {count(audit.counts[kind])} {KIND_WORDS[kind]}
          </li>
        ))}
      </ul>
      {columns.size > 0 && <Columns columns={columns} />}
      {findings.map((finding) => <p key={finding}>{finding}</p>)}
      {lines.length > 0 && <More title="Examples" open={!isClean(audit)}>{lines.join("\n")}</More>}
    </section>
  );
}

const day = (time: number) => toIso(time).slice(0, 10);

/** The worst kind of each part of the range, oldest first. */
function Strip({ audit: { strip, range } }: { readonly audit: FileAudit }) {
  const label = `Coverage from ${day(range.from)} to ${day(range.to)}`;
  return (
    <svg viewBox={`0 0 ${strip.length} 1`} preserveAspectRatio="none" role="img" aria-label={label}>
      {strip.map((kind, i) =>
        kind !== undefined && (
          <rect key={i} x={i} y="0" width="1.02" height="1" fill={COLOURS[kind]} />
        )
      )}
    </svg>
  );
}

function Columns({ columns }: Pick<FileAudit, "columns">) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Candles that differ</th>
          <th scope="col">Largest difference</th>
        </tr>
      </thead>
      <tbody>
        {listColumns(columns).map(({ column, candles, most }) => (
          <tr key={column}>
            <td>{columnName(column)}</td>
            <td>{count(candles)}</td>
            <td>{most}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MoreProps {
  readonly title: string;
  readonly open: boolean;
  readonly children: ComponentChildren;
}

function More({ title, open, children }: MoreProps) {
  return (
    <details open={open}>
      <summary>{title}</summary>
      <pre>{children}</pre>
    </details>
  );
}
