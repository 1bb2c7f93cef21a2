import type { ComponentChildren } from "preact";
import ApiSnippets from "../../../../islands/ApiSnippets.tsx";
import ChartMoves from "../../../../islands/ChartMoves.tsx";
import ChartShare from "../../../../islands/ChartShare.tsx";
import ChartTools from "../../../../islands/ChartTools.tsx";
import KlineChart from "../../../../islands/KlineChart.tsx";
import LiveReadout from "../../../../islands/LiveReadout.tsx";
import StudyValue from "../../../../islands/StudyValue.tsx";
import ViewCsv from "../../../../islands/ViewCsv.tsx";
import type { ChartView } from "../../../chart/model/chart_view.ts";
import type { MoveHrefs } from "../../../chart/model/view_facts.ts";
import { CHART_NAME, TYPE_NAME } from "../../../chart/model/chart_type_text.ts";
import { studyText } from "../../../chart/model/study_text.ts";
import { livePart, PROOF, SUMMARY } from "../../../chart/page_names.ts";
import { endOf } from "../../../core/interval.ts";
import { rollupText } from "../../../core/text/rollup_text.ts";
import { numberText } from "../../../core/text/number_text.ts";
import type { Settings } from "../../../http/define.ts";
import { CodeBlock } from "../../components/CodeBlock.tsx";
import { exportHref, toHref } from "../../components/site_href.ts";
import { digitsClass } from "../../components/price_digits.ts";
import { BackfillNote } from "../BackfillNote.tsx";
import { ChartSummary } from "../ChartSummary.tsx";
import { ImportedNote } from "../ImportedNote.tsx";
import { CoverageStrip } from "../HistoryStrip.tsx";
import { type ChartsData, gapsOf, type OpenTimes } from "../page_charts.ts";
import { ChartPictures } from "../picture/ChartPicture.tsx";
import { StaleNote } from "../StaleNote.tsx";
import { pairName, type SymbolRow } from "../symbols/symbol_row.ts";
import { ApiMenu } from "../toolbar/ApiMenu.tsx";
import { toChartSnippets } from "../toolbar/chart_snippets.ts";
import { ChartActions } from "../toolbar/ChartActions.tsx";
import { LegendChips } from "../toolbar/LegendChips.tsx";
import { HERE } from "./here.ts";

export interface ChartFigureProps {
  readonly data: ChartsData;
  readonly view: ChartView;
  /** Of the displayed candles. */
  readonly shown: OpenTimes;
  readonly moves: MoveHrefs;
  readonly settings: Settings;
  readonly row: SymbolRow;
  /** Origin of this site, base path included. */
  readonly origin: string;
}

/** The server's pictures, the island that replaces them, and everything around them. */
export function ChartFigure(props: ChartFigureProps) {
  const { data, view, settings, row } = props;
  const { address, interval, provenance } = data;
  const { bars, perBar, decimals } = view;
  const range = rangeOf(props);
  return (
    <>
      <figure
        class={`card chart ${digitsClass(view)}`}
        aria-labelledby={SUMMARY}
      >
        <LiveReadout
          decimals={decimals}
          baseAsset={row.base}
          interval={interval}
          candle={bars.at(-1)!}
          drawnName={view.shape.type === "heikin" ? TYPE_NAME.heikin : undefined}
          spans={perBar === 1 ? provenance.slice(-1) : []}
        />
        <LegendChips
          basePath={HERE}
          address={address}
          importedRows={data.importedRows}
          interval={interval}
          studies={view.studies}
          type={view.shape.type}
          valueOf={(study, index) => (
            <StudyValue index={index} text={studyText(study, decimals)} decimals={decimals} />
          )}
        />
        <ChartStates data={data} />
        <Plot {...props} />
        <History {...props} />
        <Actions {...props}>
          <ChartShare
            symbol={address.symbol}
            pair={pairName(row)}
            interval={address.interval}
            source="Binance spot candles, by wick"
          />
          <Snippets {...props} />
        </Actions>
      </figure>
      <ChartSummary
        view={view}
        pair={pairName(row)}
        isCut={data.isCut}
        imported={<ImportedNote basePath={HERE} address={address} rows={data.importedRows} />}
        rollup={data.rollup && rollupText(data.rollup)}
        statusHref={toHref(settings.basePath, "/status", { interval, symbol: address.symbol })}
      >
        {data.proof && data.proof.rows > 0 && (
          <ProofLine
            {...data.proof}
            csvHref={exportHref(settings.basePath, { ...range, imported: undefined })}
            hasImported={address.imported !== undefined}
          />
        )}
      </ChartSummary>
    </>
  );
}

/** The closed candles shown, as a file's range. */
function rangeOf({ data: { address, interval }, shown: { first, last } }: ChartFigureProps) {
  const { symbol, imported } = address;
  return { symbol, interval, from: first, to: endOf(last, interval), imported };
}

function Plot({ data, view, shown, settings, row }: ChartFigureProps) {
  const { address, interval, extent = shown } = data;
  const { first, last } = shown;
  const { type } = view.shape;
  const label = `${CHART_NAME[type]} of ${pairName(row)}`;
  return (
    <div class={`plot ${view.shape.hasRsi ? "plot-tall" : ""}`}>
      <ChartPictures view={view} label={`${label}, ${interval}, ${view.bars.length} candles`} />
      <KlineChart
        basePath={settings.basePath}
        plotlyHref={settings.plotlyHref}
        symbol={address.symbol}
        interval={address.interval}
        shown={interval}
        held={data.held}
        isPinned={address.isPinned ?? false}
        isLog={view.shape.isLog}
        type={type}
        isLocal={address.tz === "local"}
        overlays={address.overlays ?? []}
        first={first}
        last={last}
        imported={address.imported}
        oldest={extent.first}
        newest={extent.last}
        gaps={gapsOf(data)}
        decimals={view.decimals}
        label={label}
        serverTime={data.serverTime}
      />
    </div>
  );
}

/** The strip of the whole history; absent while its ends are unknown. */
function History(props: ChartFigureProps) {
  const { data, settings } = props;
  const { coverage, interval } = data;
  if (coverage?.firstOpenTime === undefined || coverage.lastOpenTime === undefined) return null;
  const source = {
    ...coverage,
    firstOpenTime: coverage.firstOpenTime,
    lastOpenTime: coverage.lastOpenTime,
    interval,
    outline: data.outline,
    gaps: gapsOf(data),
    historySince: settings.historySince,
  };
  return (
    <CoverageStrip
      basePath={HERE}
      address={data.address}
      source={source}
      view={rangeOf(props)}
    />
  );
}

function Actions(props: ChartFigureProps & { readonly children: ComponentChildren }) {
  const { data, view, settings, children } = props;
  const { address: { symbol, imported }, interval, coverage } = data;
  const { basePath } = settings;
  const rows = view.candles.length;
  const extra = imported === undefined ? 0 : data.importedRows;
  return (
    <ChartActions
      moves={<ChartMoves hrefs={props.moves} />}
      viewCsv={
        <ViewCsv
          basePath={basePath}
          symbol={symbol}
          imported={imported}
          href={exportHref(basePath, rangeOf(props))}
          rows={rows}
        />
      }
      wholeCsv={{
        href: exportHref(basePath, { symbol, interval, imported }),
        rows: coverage || extra > 0 ? (coverage?.rows ?? 0) + extra : rows,
      }}
      tools={<ChartTools />}
    >
      {children}
    </ChartActions>
  );
}

function Snippets(props: ChartFigureProps) {
  const options = { ...rangeOf(props), origin: props.origin };
  return (
    <ApiMenu rows={props.view.candles.length}>
      <ApiSnippets {...options}>
        {Object.entries(toChartSnippets(options)).map(([name, code]) => (
          <CodeBlock key={name} title={name} code={code} />
        ))}
      </ApiSnippets>
    </ApiMenu>
  );
}

/**
 * Notes on late data, an incomplete backfill, or a time zone that differs from the requested one.
 */
function ChartStates({ data }: { readonly data: ChartsData }) {
  const { address: { symbol, to, tz }, interval, coverage, remaining, serverTime, failure } = data;
  return (
    <>
      {to === undefined && (
        <StaleNote
          interval={interval}
          serverTime={serverTime}
          isOffline={failure !== undefined}
          lastOpenTime={coverage?.lastOpenTime}
        />
      )}
      {coverage && (
        <BackfillNote
          symbol={symbol}
          interval={interval}
          remaining={remaining}
          rows={coverage.rows}
        />
      )}
      {tz === "local" && (
        <noscript>
          <p class="chart-state">
            Times are in UTC: without JavaScript the page cannot read your time zone.
          </p>
        </noscript>
      )}
    </>
  );
}

interface ProofLineProps {
  readonly rows: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly csvHref: string;
  /** The view has imported candles too, which no proof is for. */
  readonly hasImported: boolean;
}

/** Checksum that lets users verify that page and file have the same data. */
function ProofLine({ rows, sha256, csvHref, hasImported }: ProofLineProps) {
  return (
    <p class="proof" {...livePart(PROOF)}>
      Proof: {numberText(rows, 0)} {rows === 1 ? "row" : "rows"}, SHA-256{" "}
      <code title={sha256}>{sha256.replaceAll(/(.{16})(?=.)/g, "$1 ")}</code>. It matches the{" "}
      <a href={csvHref} download>
        {hasImported ? "CSV of the exchange's candles in this view" : "CSV of this view"}
      </a>.
    </p>
  );
}
