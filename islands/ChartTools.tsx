import { useSignal } from "@preact/signals";
import { page } from "../lib/chart/session/page_signals.ts";
import { ToolButton } from "../lib/pages/charts/toolbar/ToolButton.tsx";
import { loadOnDemand, prepare } from "../lib/pages/charts/toolbar/load_on_demand.ts";

/** Buttons that change how the user handles the chart: measure, explore by touch, full screen. */
export default function ChartTools() {
  const measure = page.measure.value;
  const isExploring = page.isExploring.value;
  const running = page.running.value;
  const isFilling = page.isFilling.value;
  const canNotMeasure = useSignal(false);
  const toggleMeasure = async () => {
    if (measure !== undefined) return page.measure.value = undefined;
    // Available once all code is loaded.
    canNotMeasure.value = !await loadOnDemand().catch(() => undefined);
    if (!canNotMeasure.value) page.measure.value = "armed";
  };
  const explore = () => {
    page.isExploring.value = !isExploring;
    running?.plot.setDraggable(!isExploring);
  };
  return (
    <div
      class="chart-tools needs-script"
      data-filling={isFilling || undefined}
      onPointerEnter={prepare}
      onFocusIn={prepare}
    >
      <ToolButton
        icon="measure"
        name={canNotMeasure.value
          ? "Measuring failed: reload the page"
          : measure === undefined
          ? "Measure"
          : "Done"}
        isPressed={measure !== undefined}
        action="measure"
        isOff={running === undefined}
        onClick={toggleMeasure}
      />
      <ToolButton
        icon="explore"
        name={isExploring ? "Done" : "Explore"}
        isPressed={isExploring}
        action="explore"
        isOff={running === undefined}
        onClick={explore}
      />
      <ToolButton
        icon="fullscreen"
        name="Full screen"
        action="fullscreen"
        onClick={({ currentTarget }) => void toggleFullScreen(currentTarget.closest("figure")!)}
      />
    </div>
  );
}

/** Toggles full screen for `element`, or fills the window where browsers lack full screen. */
async function toggleFullScreen(element: HTMLElement): Promise<void> {
  if (document.fullscreenElement) return await document.exitFullscreen();
  if (page.isFilling.value) {
    page.isFilling.value = false;
    return;
  }
  try {
    await element.requestFullscreen();
  } catch {
    page.isFilling.value = true;
  }
}
