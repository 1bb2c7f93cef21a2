import "preact/debug";
export { boot } from "./boot.ts";
