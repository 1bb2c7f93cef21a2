import "preact/debug";
export * from "./mod.ts";
