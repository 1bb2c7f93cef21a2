/** Code for overlays, loaded only by charts that have some. */
export { studyText } from "../model/study_text.ts";
export { atIndices, toStudies, warmUpOf } from "../model/study.ts";
export { toStudyTraces, withRsiAxis } from "./study_traces.ts";
