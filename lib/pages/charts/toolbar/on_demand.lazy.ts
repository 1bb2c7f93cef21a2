/** Of the charts page, what few readers need; see `loadOnDemand`. */
export { linkToView } from "../../../chart/session/link_to_view.ts";
export { savePng } from "../../../chart/session/png_export.ts";
export { ApiTabs } from "./ApiTabs.tsx";
export { KeySheet } from "./KeySheet.tsx";
export { MeasureLayer } from "../picture/MeasureLayer.tsx";
