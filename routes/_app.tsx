import { asset } from "fresh/runtime";
import Clock from "../islands/Clock.tsx";
import ThemeSwitch from "../islands/ThemeSwitch.tsx";
import { Banner } from "../lib/ui/Banner.tsx";
import { clockText, minuteText } from "../lib/chart/time_text.ts";
import { DAY_MS, MINUTE_MS } from "../lib/core/time.ts";
import { findLook, toHref } from "../lib/ui/href.ts";
import { IconSheet } from "../lib/ui/IconSheet.tsx";
import { PageFooter } from "../lib/ui/PageFooter.tsx";
import { PageHeader } from "../lib/ui/PageHeader.tsx";
import { ThemeLinks } from "../lib/ui/ThemeLinks.tsx";
import { findTheme, themeAttribute } from "../lib/ui/theme.ts";
import { define } from "../lib/web/define.ts";
import { readPageShell } from "../lib/web/page_shell.ts";

/** To the minute, rounded up; the day when it is not today's. */
function waitText(until: number, serverTime: number): string {
  const minute = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  return `${until - serverTime > DAY_MS ? minuteText(minute) : clockText(minute)} UTC`;
}

/** The frame of every page, error pages included. */
export default define.page(async function App({ Component, req, url, state }) {
  const { basePath } = state.services.settings;
  const { simulated, failure, host, waitUntil, serverTime } = await readPageShell(state.services);
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
            These candles come from a simulator ({simulated}); nobody traded at these prices.
          </Banner>
        )}
        {waitUntil !== undefined && (
          <Banner
            kind="waiting"
            title={`Binance asks us to wait until ${waitText(waitUntil, serverTime)}`}
          >
            Charts show what is stored; nothing is lost.
          </Banner>
        )}
        {waitUntil === undefined && failure !== undefined && (
          <Banner kind="offline" title="The exchange does not answer">
            What is stored stays on show. The reason: {failure}.
          </Banner>
        )}
        <Component />
        <PageFooter host={host} />
        <IconSheet />
      </body>
    </html>
  );
});
