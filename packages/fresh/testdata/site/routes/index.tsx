import { signal } from "@preact/signals";
import { Head } from "fresh/runtime";
import { define } from "../define.ts";
import Counter from "../islands/Counter.tsx";
import { Frame, Outer } from "../islands/Frame.tsx";

export default define.page(() => {
  const shared = signal(3);
  return (
    <main>
      <Head>
        <title>home</title>
        <meta name="description" content="of the page" />
        <meta property="og:title" content="added" />
      </Head>
      <Counter id="a" count={shared} />
      <Counter id="b" count={shared} />
      <Frame isOpen={false} title={<em>hidden</em>}>
        <div class="slot">
          <Counter id="c" count={shared} />
        </div>
      </Frame>
      <Frame isOpen title="shown">
        <label for="x">static</label>
        <input id="x" type="checkbox" checked />
        <Counter id="d" count={signal(10)} />
      </Frame>
      <Outer />
    </main>
  );
});
