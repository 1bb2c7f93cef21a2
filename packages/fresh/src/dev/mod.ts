export { Builder } from "./builder.ts";
export type { BuildOptions, ResolvedBuildConfig } from "./build_options.ts";
