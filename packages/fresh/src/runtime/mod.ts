export { asset } from "./asset.ts";
export { Head, type HeadProps } from "./head.ts";
