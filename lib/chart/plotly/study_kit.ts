/** What a chart with overlays computes and draws them with; a chart without is spared it. */
export { atIndices, toStudies, warmUpOf } from "../model/study.ts";
export { readLineStyle, toStudyTraces } from "./study_traces.ts";
