import { effect, type Signal, signal as createSignal } from "@preact/signals";
import { page } from "./page_signals.ts";
import { tellPrice, write } from "./price_in_page.ts";
import { barsIn } from "./shown_range.ts";
import { readSpans } from "./spans_in_page.ts";
import type { CsvLink } from "./address_sync.ts";
import type { WordsOptions } from "./words_in_view.ts";
import type { Study } from "../model/study.ts";
import { studyText } from "../model/study_text.ts";

export interface PageFollowerOptions extends Pick<WordsOptions, "chart" | "interval"> {
  /** The file of what is in view. */
  readonly csv: () => CsvLink;
  /** Open time of the page's first candle. */
  readonly first: number;
  /** Decimals of prices. */
  readonly decimals: number;
  /** Called when links may lead elsewhere. */
  readonly onLinks: () => void;
}

/**
 * Keeps what the page says around the chart at what the chart shows: headline, legend and the
 * table's newest rows with the stream, address and links once something else is in view, everything
 * else by the server. Call what this returns when
 * the view may have changed.
 */
export function followPage(options: PageFollowerOptions, signal: AbortSignal): () => void {
  const { chart, interval, csv, decimals, first, onLinks } = options;
  const { newest } = chart;
  const rows = once(() => import("./unstored_rows.ts"));
  const isTableNear = nearness(document.getElementById("table"), signal);
  const tellNewest = () => {
    const moving = page.moving.value;
    const last = moving ?? page.newest.value;
    if (last) tellPrice(last.close);
    if (!isTableNear.value || !moving) return;
    rows().then(({ tellMoving }) => tellMoving(page.moving.value), () => {});
  };
  const tellLegend = () => {
    const view = page.view.value;
    const bar = page.pointed.value ?? (view && barsIn(view).at(-1));
    if (bar) tellStudies(chart.studiesOf(bar), decimals);
  };
  const closed = () => {
    const view = page.view.value;
    if (view === undefined || (view.bars.at(-1)?.openTime ?? newest) <= newest) return;
    rows().then(({ tellClosed }) => page.view.value && tellClosed(page.view.value), () => {});
  };
  const endings = [tellNewest, tellLegend, closed].map((tell) => effect(() => void tell()));
  signal.addEventListener("abort", () => endings.forEach((end) => end()), { once: true });
  const onWords = () => {
    readSpans();
    tellNewest();
    closed();
    onLinks();
  };
  const served = location.href;
  const isCut = (barsIn(chart.view)[0]?.openTime ?? first) > first && !/[?&]page=/.test(served);
  const words = once(async () => {
    const { followWords } = await import("./words_in_view.ts");
    return followWords({ chart, interval, served, newest, isCut, onWords }, signal);
  });
  const address = once(async () => {
    const { syncAddress } = await import("./address_sync.ts");
    return syncAddress({ chart, interval, csv, served }, signal);
  });
  const brush = once(async () => {
    const { brushHistory } = await import("./history_brush.ts");
    return brushHistory(chart, signal);
  });
  // The next change, or the next touch, tries again.
  const tellWith = (one: typeof words) => void one().then((tell) => tell(), () => {});
  const tellView = () => {
    tellWith(address);
    tellWith(words);
  };
  const changed = () => {
    tellView();
    tellWith(brush);
  };
  const strip = document.querySelector(".strip-box");
  for (const intent of ["pointerover", "focusin"]) {
    strip?.addEventListener(intent, () => tellWith(brush), { signal });
  }
  if (isCut) tellView(); // on the strip of all history that is no difference
  // A finger does not hover before it drags.
  const isStripNear = nearness(matchMedia("(hover: none)").matches ? strip : null, signal);
  endings.push(effect(() => void (isStripNear.value && tellWith(brush))));
  return changed;
}

/** Whether `element` is in view or nearly so: rows that nobody sees need not move with each tick. */
function nearness(element: Element | null, signal: AbortSignal): Signal<boolean> {
  const isNear = createSignal(false);
  if (element === null) return isNear;
  const observer = new IntersectionObserver(
    (entries) => isNear.value = entries.at(-1)!.isIntersecting,
    { rootMargin: "100px" },
  );
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return isNear;
}

/** Calls `make` the first time, and after a failure again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Writes the last values of `studies` on their chips, which never become narrower. */
function tellStudies(studies: readonly Study[], decimals: number): void {
  const places = document.querySelectorAll<HTMLElement>(".legend .chip > b");
  studies.forEach((study, i) => {
    const place = places[i];
    if (place === undefined) return;
    place.style.minWidth ||= `${place.getBoundingClientRect().width}px`;
    write(place, studyText(study, decimals));
  });
}
