/** The chart by keyboard and by ear; comes with the focus. */
export { applyKey } from "../../chart/session/chart_keys.ts";
export { CandleSpeech } from "./CandleSpeech.tsx";
