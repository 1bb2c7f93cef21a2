import { toggleFullScreen } from "../lib/chart/full_screen.ts";
import { page } from "../lib/chart/page_signals.ts";
import { ToolButton } from "../lib/ui/ToolButton.tsx";

const figureOf = (element: EventTarget | null) =>
  element instanceof Element ? element.closest<HTMLElement>("figure") : null;

/** What changes how the reader handles the chart: measure, explore by touch, full screen. */
export default function ChartTools() {
  const measure = page.measure.value;
  const isExploring = page.isExploring.value;
  const running = page.running.value;
  const explore = () => {
    page.isExploring.value = !isExploring;
    running?.plot.setDraggable(!isExploring);
  };
  return (
    <div class="chart-tools needs-script">
      <ToolButton
        icon="measure"
        name={measure === undefined ? "Measure" : "Done"}
        isPressed={measure !== undefined}
        action="measure"
        isOff={running === undefined}
        onClick={() => page.measure.value = measure === undefined ? "armed" : undefined}
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
        onClick={({ currentTarget }) => {
          const figure = figureOf(currentTarget);
          if (figure) void toggleFullScreen(figure);
        }}
      />
    </div>
  );
}
