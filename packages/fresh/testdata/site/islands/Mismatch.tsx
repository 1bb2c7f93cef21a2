import type { ComponentChildren } from "preact";

/** Renders something else in the browser than on the server. */
export default function Mismatch({ children }: { children: ComponentChildren }) {
  return "document" in globalThis
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
