import { asset } from "fresh/runtime";
import Clock from "../islands/Clock.tsx";
import ThemeSwitch from "../islands/ThemeSwitch.tsx";
import { attribute, PALETTE, THEME } from "../lib/chart/page_names.ts";
import { VERSION } from "../lib/core/version.ts";
import { ICON_SHAPES } from "../lib/pages/components/icon_shapes.ts";
import { Banners } from "../lib/pages/shell/Banners.tsx";
import { findLook } from "../lib/core/chart_address.ts";
import { toHref } from "../lib/pages/components/site_href.ts";
import { PageHeader } from "../lib/pages/shell/PageHeader.tsx";
import { ThemeLinks } from "../lib/pages/shell/ThemeLinks.tsx";
import { findTheme, themeAttribute } from "../lib/pages/shell/theme.ts";
import { define } from "../lib/http/define.ts";
import { readPageShell } from "../lib/pages/shell/page_shell.ts";

/** The frame of every page, error pages included. */
export default define.page(async function App({ Component, req, url, state }) {
  const { basePath } = state.services.settings;
  const shell = await readPageShell(state.services);
  const { host, serverTime } = shell;
  const look = findLook(url.searchParams);
  const theme = look.theme ?? findTheme(req.headers.get("cookie"));
  const file = (path: string) => toHref(basePath, asset(path));
  return (
    <html
      lang="en"
      {...attribute(THEME, themeAttribute(theme))}
      {...attribute(PALETTE, look.colors)}
      data-candles={look.candles}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* Keys: Fresh deduplicates links with the same attributes, whatever their URLs. */}
        <link key="icon" rel="icon" href={file("/favicon.svg")} type="image/svg+xml" />
        <link key="styles" rel="stylesheet" href={file("/styles.css")} />
        {/* With this element Plotly adds no styles, which the policy would block. */}
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
        <PageHeader basePath={basePath} look={look} path={url.pathname.slice(basePath.length)}>
          <Clock serverTime={serverTime} />
          <ThemeSwitch theme={theme} basePath={basePath} />
          <noscript>
            <ThemeLinks path={url.pathname} params={url.searchParams} />
          </noscript>
        </PageHeader>
        <Banners shell={shell} givesReason={state.givesReason === true} />
        <Component />
        <PageFooter host={host} />
        <IconSheet />
      </body>
    </html>
  );
});

/** The source of the data. */
function PageFooter({ host }: { readonly host: string | undefined }) {
  return (
    <footer class="foot">
      <p>
        Candles: Binance spot market data{host === undefined
          ? ""
          : `, ${host.replace(/^https?:\/\//, "")}`}
      </p>
      <p>All times are UTC</p>
      <p>Not affiliated with Binance</p>
      <p class="foot-end">wick {VERSION}</p>
    </footer>
  );
}

/** The shapes of all icons, once per page and not in the browser's code. */
function IconSheet() {
  return (
    <svg class="icon-sheet">
      {Object.entries(ICON_SHAPES).map(([name, shape]) => (
        <path key={name} id={`icon-${name}`} d={shape} />
      ))}
    </svg>
  );
}
