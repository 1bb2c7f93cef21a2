import { percent, PRICE_SHARE, VOLUME_TOP } from "../../../chart/model/chart_window.ts";

/** Names the lower pane and parts it from the upper one. */
export function VolumeLabel() {
  const edge = percent((PRICE_SHARE + VOLUME_TOP) / 2);
  return (
    <g class="pane-label">
      <line x2="100%" y1={edge} y2={edge} />
      <text x="12" dy="1em" y={percent(VOLUME_TOP)}>Volume</text>
    </g>
  );
}
