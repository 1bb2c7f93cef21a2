/** Keyboard and screen reader support of the chart; loaded when it gets the focus. */
export { applyKey } from "../../chart/session/chart_keys.ts";
export { CandleSpeech } from "./CandleSpeech.tsx";
