/** Fills the screen with `element`, or the window where the browser has no way to; or takes it back. */
export async function toggleFullScreen(element: HTMLElement): Promise<void> {
  if (document.fullscreenElement) return await document.exitFullscreen();
  if (element.hasAttribute("data-filling")) return element.removeAttribute("data-filling");
  try {
    await element.requestFullscreen();
  } catch {
    element.setAttribute("data-filling", "");
  }
}
