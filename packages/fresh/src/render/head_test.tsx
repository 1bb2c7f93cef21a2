import assert from "node:assert/strict";
import type { ComponentChildren } from "preact";
import type { PageProps } from "fresh";
import { Head } from "fresh/runtime";
import { serve } from "../../testing/app.ts";
import { get } from "../../testing/request.ts";

function shell(appHead: ComponentChildren) {
  return ({ Component }: PageProps) => (
    <html>
      <head>{appHead}</head>
      <body>
        <Component />
      </body>
    </html>
  );
}

async function headOf(page: ComponentChildren, appHead?: ComponentChildren): Promise<string> {
  const handler = serve({
    routes: {
      index: { handler: (ctx) => ctx.render(<>{page}</>) },
      ...appHead === undefined ? {} : { _app: { default: shell(appHead) } },
    },
  });
  const html = (await (await get(handler, "/")).text()).replaceAll(/ nonce="\w+"/g, "");
  assert.doesNotMatch(html.replace(/<head>.*<\/head>/, ""), /<(?:title|meta|style)/);
  return /<head>(.*)<\/head>/.exec(html)![1]!;
}

Deno.test("Head replaces the title of the app wrapper in its place", async () => {
  const head = await headOf(
    <Head>
      <title>page &amp; more</title>
    </Head>,
    <>
      <title>app</title>
      <meta name="a" content="b" />
    </>,
  );
  assert.equal(head, '<title>page &amp; more</title><meta name="a" content="b"/>');
});

Deno.test("Head replaces a meta tag of the same name, and appends any other", async () => {
  const head = await headOf(
    <Head>
      <meta content="page" name="description" />
      <meta property="og:title" content="x" />
    </Head>,
    <meta name="description" content="app" />,
  );
  assert.equal(
    head,
    '<meta content="page" name="description"/><meta property="og:title" content="x"/>',
  );
});

Deno.test("Head replaces by key whatever the tag is, and marks it with the key", async () => {
  const head = await headOf(
    <Head>
      <style key="theme">{"b{}"}</style>
      <style>{"c{}"}</style>
    </Head>,
    <style key="theme">{"a{}"}</style>,
  );
  assert.equal(head, '<style data-key="theme">b{}</style><style>c{}</style>');
});

Deno.test("Head works through components, and the last of two wins", async () => {
  const Seo = ({ title }: { title: string }) => <title>{title}</title>;
  const head = await headOf(
    <>
      <Head>
        <Seo title="first" />
      </Head>
      <p>
        <Head>
          <Seo title="second" />
        </Head>
      </p>
    </>,
    <title>app</title>,
  );
  assert.equal(head, "<title>second</title>");
});

Deno.test("Head works without an app wrapper", async () => {
  const head = await headOf(
    <Head>
      <title>page</title>
    </Head>,
  );
  assert.equal(head, '<meta charset="utf-8"/><title>page</title>');
});

Deno.test("Head leaves the next request alone", async () => {
  const wrapper = <title>app</title>;
  const page = (
    <Head>
      <title>page</title>
    </Head>
  );
  assert.equal(await headOf(page, wrapper), "<title>page</title>");
  assert.equal(await headOf("no head", wrapper), "<title>app</title>");
  assert.equal(await headOf(page, wrapper), "<title>page</title>");
});

Deno.test("Head replaces a link of the same attributes whatever its address, unless it has a key", async () => {
  const sheet = (href: string, key?: string) => <link key={key} rel="stylesheet" href={href} />;
  const page = (key?: string) => <Head>{sheet("/page.css", key)}</Head>;
  assert.equal(
    await headOf(page(), sheet("/app.css")),
    '<link rel="stylesheet" href="/page.css"/>',
  );
  assert.equal(
    await headOf(page("page"), sheet("/app.css", "app")),
    '<link rel="stylesheet" href="/app.css" data-key="app"/>' +
      '<link rel="stylesheet" href="/page.css" data-key="page"/>',
  );
});

Deno.test("Head gives its title to the first title of the page, an SVG's too, unless that has a key", async () => {
  const page = (key?: string) => (
    <>
      <Head>
        <title>page</title>
      </Head>
      <svg>
        <title key={key}>chart</title>
      </svg>
    </>
  );
  const handler = serve({
    routes: {
      index: { handler: (ctx) => ctx.render(page()) },
      key: { handler: (ctx) => ctx.render(page("chart")) },
    },
  });
  const body = "<body><svg>";
  assert.match(await (await get(handler, "/")).text(), RegExp(`${body}<title>page</title></svg>`));
  assert.match(
    await (await get(handler, "/key")).text(),
    RegExp(`<title>page</title></head>${body}<title data-key="chart">chart</title></svg>`),
  );
});
