import { asset } from "fresh/runtime";
import Clock from "../islands/Clock.tsx";
import ThemeSwitch from "../islands/ThemeSwitch.tsx";
import { Banner } from "../lib/pages/shell/Banner.tsx";
import { clockText, minuteText } from "../lib/core/time_text.ts";
import { toOfflineBanner } from "../lib/core/offline_words.ts";
import { DAY_MS, MINUTE_MS } from "../lib/core/time.ts";
import { findLook, toHref } from "../lib/pages/components/href.ts";
import { IconSheet } from "../lib/pages/shell/IconSheet.tsx";
import { PageFooter } from "../lib/pages/shell/PageFooter.tsx";
import { PageHeader } from "../lib/pages/shell/PageHeader.tsx";
import { ThemeLinks } from "../lib/pages/shell/ThemeLinks.tsx";
import { findTheme, themeAttribute } from "../lib/pages/shell/theme.ts";
import { define } from "../lib/http/define.ts";
import { readPageShell } from "../lib/pages/shell/page_shell.ts";

/** To the minute, rounded up; the day when it is not today's. */
function waitText(until: number, serverTime: number): string {
  const minute = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  return `${until - serverTime > DAY_MS ? minuteText(minute) : clockText(minute)} UTC`;
}

/** The frame of every page, error pages included. */
export default define.page(async function App({ Component, req, url, state }) {
  const { basePath } = state.services.settings;
  const shell = await readPageShell(state.services);
  const { simulated, host, maintenance, waitUntil, serverTime } = shell;
  // An error page that gives the reason needs no banner with the same words.
  const failure = state.givesReason ? undefined : shell.failure;
  const offline = failure === undefined ? undefined : toOfflineBanner(failure);
  const look = findLook(url.searchParams);
  const theme = look.theme ?? findTheme(req.headers.get("cookie"));
  const file = (path: string) => toHref(basePath, asset(path));
  return (
    <html
      lang="en"
      data-theme={themeAttribute(theme)}
      data-palette={look.colors}
      data-candles={look.candles}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* Keys: Fresh takes two links with the same attributes for one, whatever their addresses. */}
        <link key="icon" rel="icon" href={file("/favicon.svg")} type="image/svg+xml" />
        <link key="styles" rel="stylesheet" href={file("/styles.css")} />
        {/* Plotly takes this element as a sign to add no styles of its own: the policy forbids them. */}
        <link
          key="plotly-styles"
          rel="stylesheet"
          id="plotly.js-style-global"
          class="no-inline-styles"
          href={file("/plotly.css")}
        />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <PageHeader {...{ basePath, look }} path={url.pathname.slice(basePath.length)}>
          <Clock serverTime={serverTime} />
          <ThemeSwitch theme={theme} basePath={basePath} />
          <noscript>
            <ThemeLinks path={url.pathname} params={url.searchParams} />
          </noscript>
        </PageHeader>
        {simulated !== undefined && (
          <Banner kind="simulated" title="Simulated data">
            These candles come from a simulator ({simulated}); they are not real market prices.
          </Banner>
        )}
        {waitUntil !== undefined && (
          <Banner
            kind="waiting"
            title={`Rate-limited by Binance until ${waitText(waitUntil, serverTime)}`}
          >
            Charts show stored candles; nothing is lost.
          </Banner>
        )}
        {waitUntil === undefined && offline !== undefined && (
          <Banner kind="offline" title={offline.title}>{offline.text}</Banner>
        )}
        {maintenance !== undefined && (
          <Banner
            kind="waiting"
            title={`Binance is under maintenance since ${minuteText(maintenance.since)} UTC`}
          >
            It trades {maintenance.trading} of {maintenance.listed}{" "}
            symbols. Collecting goes on as soon as trading resumes.
          </Banner>
        )}
        <Component />
        <PageFooter host={host} />
        <IconSheet />
      </body>
    </html>
  );
});
