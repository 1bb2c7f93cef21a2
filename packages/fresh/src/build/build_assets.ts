import type { ComponentType } from "preact";

/** A component that the browser runs too. */
export interface Island {
  /** Name of its module among those that the browser's bundle exports. */
  module: string;
  /** Name on the page, unique in the app. */
  name: string;
  exportName: string;
  fn: ComponentType;
}

export type IslandRegistry = Map<unknown, Island>;

export interface StaticFile {
  contentType: string;
  size: number;
  /** Content hash, or `null` where the file may change while the server runs. */
  hash: string | null;
  open(): Promise<BodyInit>;
}

/** The parts of a build that rendering and static files use. */
export interface BuildAssets {
  islands: IslandRegistry;
  /** URL path of the browser's bundle: runtime and islands. */
  clientEntry: string;
  /** URL path of the script that reloads pages; development only. */
  reloadEntry: string | null;
  readFile(pathname: string): Promise<StaticFile | null>;
}
