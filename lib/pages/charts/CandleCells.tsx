import { type Candle, changeOf } from "../../chart/model/candle.ts";
import { deltaText, numberText, priceText, shareText } from "../../core/text/number_text.ts";
import { minuteText } from "../../core/text/time_text.ts";
import type { EpochMs } from "../../core/time.ts";
import { steadyText } from "../components/SteadyText.tsx";

export interface CandleDecimals {
  /** For prices. */
  readonly decimals: number;
  readonly volumeDecimals: number;
}

export interface CandleCellsProps {
  readonly candle: Candle;
  readonly decimals: CandleDecimals;
}

/** The cells of a candle's row in the table, all but the last, its provenance. */
export function CandleCells({ candle, decimals }: CandleCellsProps) {
  return (
    <Cells
      texts={candleTexts(candle, decimals)}
      tone={changeOf(candle) < 0 ? "down" : "up"}
    />
  );
}

export interface OpenRowProps {
  readonly openTime: EpochMs;
  /** Unknown until the stream delivers it. */
  readonly candle?: Candle | undefined;
  readonly decimals: CandleDecimals;
}

/** Row of the open candle. */
export function OpenRow({ openTime, candle, decimals }: OpenRowProps) {
  return (
    <tr class="row-open">
      {candle
        ? <CandleCells candle={candle} decimals={decimals} />
        : <Cells texts={{ ...NO_TEXTS, time: minuteText(openTime) }} tone="up" />}
      <td>open: stored once it has closed</td>
    </tr>
  );
}

/** In place of an unknown value. */
const NONE = "–";

/** The cells of a candle's row in order; the first is the row's header. */
function candleTexts(candle: Candle, { decimals, volumeDecimals }: CandleDecimals) {
  const { volume, takerBuy } = candle;
  const share = takerBuy / volume;
  return {
    time: minuteText(candle.openTime),
    open: priceText(candle.open, decimals),
    high: priceText(candle.high, decimals),
    low: priceText(candle.low, decimals),
    close: priceText(candle.close, decimals),
    delta: deltaText(changeOf(candle)),
    volume: numberText(volume, volumeDecimals),
    trades: numberText(candle.trades, 0),
    takerBuy: Number.isFinite(share) ? shareText(share) : NONE,
  };
}

type Texts = ReturnType<typeof candleTexts>;

const NO_TEXTS: Texts = {
  time: NONE,
  open: NONE,
  high: NONE,
  low: NONE,
  close: NONE,
  delta: NONE,
  volume: NONE,
  trades: NONE,
  takerBuy: NONE,
};

interface CellsProps {
  readonly texts: Texts;
  readonly tone: "up" | "down";
}

function Cells({ texts, tone }: CellsProps) {
  const text = (name: keyof Texts) => steadyText(texts[name]);
  return (
    <>
      <th scope="row">{text("time")}</th>
      <td>{text("open")}</td>
      <td>{text("high")}</td>
      <td>{text("low")}</td>
      <td>{text("close")}</td>
      <td class={tone}>{text("delta")}</td>
      <td>{text("volume")}</td>
      <td>{text("trades")}</td>
      <td>{text("takerBuy")}</td>
    </>
  );
}
