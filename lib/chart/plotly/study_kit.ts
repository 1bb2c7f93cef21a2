/** Code for overlays, loaded only by charts that have some. */
export { atIndices, toStudies, warmUpOf } from "../model/study.ts";
export { readLineStyle, toStudyTraces } from "./study_traces.ts";
