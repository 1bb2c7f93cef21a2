import type { ComponentChildren } from "preact";
import { IS_BROWSER } from "fresh/runtime";

/** Renders something else in the browser than on the server. */
export default function Mismatch({ children }: { children: ComponentChildren }) {
  return IS_BROWSER
    ? (
      <>
        <p id="browser">browser</p>
        {children}
      </>
    )
    : (
      <>
        server
        <div id="server">server</div>
        {children}
        <em>gone</em>
      </>
    );
}
