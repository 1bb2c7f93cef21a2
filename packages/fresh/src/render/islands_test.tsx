import { computed, signal } from "@preact/signals";
import assert from "node:assert/strict";
import type { ComponentChildren } from "preact";
import type { Middleware } from "fresh";
import { bootText, serve } from "../../testing/app.ts";
import { answerOf, bodyOf, get, quietly } from "../../testing/request.ts";
import { parseProps } from "../client/parse_props.ts";

function Leaf({ text }: { text: string }) {
  return <b>{text}</b>;
}

function Box({ title, children }: { title?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <div>
      {title}|{children}
    </div>
  );
}

function withIslands(islands: Record<string, unknown>, answer: Middleware<unknown>) {
  return serve({ islands, routes: { index: { handler: answer } } });
}

/** The page without its script, and the props in it. */
async function rendered(page: () => ComponentChildren, islands = { Leaf, Box }) {
  const handler = withIslands(islands, (ctx) => ctx.render(<>{page()}</>));
  const html = await bodyOf(handler, "/");
  return { html: html.replace(/<script.*$/, ""), ...parseProps(bootText(html)) };
}

Deno.test("An island is rendered between comments that hold its name, props index and key", async () => {
  const { html, props } = await rendered(() => (
    <>
      <Leaf text="a" />
      <Leaf key="k" text="b" />
    </>
  ));
  assert.equal(
    html,
    "<!--frsh:island:Leaf:0:--><b>a</b><!--/frsh:island-->" +
      "<!--frsh:island:Leaf:1:k--><b>b</b><!--/frsh:island-->",
  );
  assert.deepEqual(props, [{ text: "a" }, { text: "b" }]);
});

Deno.test("a key cannot end its comment", async () => {
  const { html } = await rendered(() => <Leaf key="--><script>" text="" />);
  assert.match(html, /^<!--frsh:island:Leaf:0:--%3E%3Cscript%3E--><b>/);
});

Deno.test("Context.render() ends a page with islands in one module script", async () => {
  const handler = withIslands({ Leaf, Box }, (ctx) => ctx.render(<Box title="t" />));
  const html = await bodyOf(handler, "/");
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.match(
    html,
    /<script type="module" nonce="\w+">import \{ boot, Box as m0 \} from "\/_fresh\/js\/id\/fresh-islands\.js";boot\(\{ Box: m0\.default \}, ".*"\);<\/script>$/,
  );
});

Deno.test("Context.render() preloads the bundle of runtime and islands", async () => {
  const handler = withIslands({ Leaf, Box }, (ctx) => ctx.render(<Leaf text="" />));
  const response = await get(handler, "/");
  assert.equal(
    response.headers.get("link"),
    '</_fresh/js/id/fresh-islands.js>; rel="modulepreload"; as="script"',
  );
  await response.body?.cancel();
});

Deno.test("An island inside an island belongs to the outer one", async () => {
  const Outer = () => <Box title="in" />;
  const { html, props } = await rendered(() => <Outer />, { Leaf, Box, Outer } as never);
  assert.equal(html, "<!--frsh:island:Outer:0:--><div>in|</div><!--/frsh:island-->");
  assert.deepEqual(props, [{}]);
});

Deno.test("JSX handed to an island is marked as a slot, and islands in it are islands", async () => {
  const { html, props, slotNodes } = await rendered(() => (
    <Box title={<i>t</i>}>
      text <Leaf text="x" />
    </Box>
  ));
  assert.equal(
    html,
    "<!--frsh:island:Box:0:--><div><!--frsh:slot:0:title--><i>t</i><!--/frsh:slot-->|" +
      "<!--frsh:slot:1:children-->text <!--frsh:island:Leaf:1:--><b>x</b><!--/frsh:island-->" +
      "<!--/frsh:slot--></div><!--/frsh:island-->",
  );
  assert.deepEqual([...slotNodes.keys()], [0, 1]);
  assert.equal(props[0]!.title, slotNodes.get(0));
  assert.deepEqual(props[1], { text: "x" });
});

Deno.test("JSX that an island does not show waits in a template", async () => {
  const Closed = (_: { children?: ComponentChildren }) => null;
  const { html } = await rendered(
    () => (
      <Closed>
        <Leaf text="later" />
      </Closed>
    ),
    { Leaf, Closed } as never,
  );
  assert.equal(
    html,
    "<!--frsh:island:Closed:0:--><!--/frsh:island-->" +
      '<template id="frsh-0-children"><!--frsh:island:Leaf:1:--><b>later</b><!--/frsh:island--></template>',
  );
});

Deno.test("JSX children that are a text are escaped", async () => {
  const { html } = await rendered(() => <Box>{"<script>"}</Box>);
  assert.match(html, /<!--frsh:slot:0:children-->&lt;script/);
});

Deno.test("The same vnode renders on every page, inside an island and outside", async () => {
  const shared = <Leaf text="constant" />;
  const Outer = () => shared;
  const page = (
    <>
      {shared} <Outer /> {shared}
    </>
  );
  const handler = withIslands({ Leaf, Outer }, (ctx) => ctx.render(page));
  const expected = "<!--frsh:island:Leaf:0:--><b>constant</b><!--/frsh:island--> " +
    "<!--frsh:island:Outer:1:--><b>constant</b><!--/frsh:island--> " +
    "<!--frsh:island:Leaf:2:--><b>constant</b><!--/frsh:island-->";
  for (let i = 0; i < 2; i++) {
    assert.equal((await bodyOf(handler, "/")).replace(/<script.*$/, ""), expected);
  }
});

Deno.test("A signal is shown by its value and handed over as a signal", async () => {
  const Show = ({ count }: { count: unknown }) => <b>{count as number}</b>;
  const { html, props } = await rendered(() => <Show count={signal(3)} />, { Show } as never);
  assert.equal(html, "<!--frsh:island:Show:0:--><b>3</b><!--/frsh:island-->");
  assert.equal((props[0]!.count as { value: number }).value, 3);
});

Deno.test("A signal as an island's only child stays a signal", async () => {
  const { props } = await rendered(() => <Box>{computed(() => "text")}</Box>);
  assert.equal((props[0]!.children as { value: string }).value, "text");
});

Deno.test("Props that cannot be sent name the island and the prop", async () => {
  const seen: unknown[] = [];
  const Any = (_: Record<string, unknown>) => null;
  const cases: Record<string, Record<string, unknown>> = {
    function: { onClick: () => {} },
    deep: { a: { b: [1, () => {}] } },
    instance: { owner: new (class Owner {})() },
    promise: { data: Promise.resolve() },
    symbol: { tag: Symbol() },
    jsx: { items: [<i key="1">x</i>] },
    child: { children: () => "render prop" },
  };
  const note: Middleware<unknown> = async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      seen.push((error as Error).message);
      throw error;
    }
  };
  const routes = Object.fromEntries(
    Object.entries(cases).map(([path, props]) => {
      const answer: Middleware<unknown> = (ctx) => ctx.render(<Any {...props} />);
      return [path, { handler: answer }];
    }),
  );
  const handler = serve({ islands: { Any }, middlewares: [note], routes });
  await quietly(async () => {
    for (const path in cases) assert.equal((await answerOf(handler, `/${path}`))[0], 500);
  });
  assert.deepEqual(seen, [
    'Cannot pass prop "onClick" to island Any: Cannot stringify a function',
    'Cannot pass prop "a.b[1]" to island Any: Cannot stringify a function',
    'Cannot pass prop "owner" to island Any: Cannot stringify arbitrary non-POJOs',
    'Cannot pass prop "data" to island Any: Cannot stringify a Promise or thenable — use ' +
    "stringifyAsync instead",
    'Cannot pass prop "tag" to island Any: Cannot stringify a Symbol primitive',
    'Cannot pass prop "items" to island Any: Cannot stringify JSX inside another value',
    'Cannot pass prop "children" to island Any: Cannot stringify a function',
  ]);
});

Deno.test("An island that throws leaves the next page whole", async () => {
  const Broken = ({ isBroken }: { isBroken: boolean }) => {
    if (isBroken) throw new Error("broken");
    return <b>fine</b>;
  };
  const handler = withIslands(
    { Broken },
    (ctx) => ctx.render(<Broken isBroken={ctx.url.search === "?broken"} />),
  );
  await quietly(async () => assert.equal((await get(handler, "/?broken")).status, 500));
  assert.match(await bodyOf(handler, "/"), /^<!--frsh:island:Broken:0:--><b>fine<\/b>/);
});
