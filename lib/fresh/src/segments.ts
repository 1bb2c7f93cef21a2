import type { Step } from "./chain.ts";
import { HttpError } from "./error.ts";
import type { MaybeLazyMiddleware, Middleware } from "./middleware.ts";
import { renderRoute } from "./render_route.ts";
import type { LayoutConfig, Route, RouteComponent } from "./route.ts";
import { BARE_UI, type Ui } from "./ui.ts";

/** A folder of the path: what is set on it applies to every route added below it afterwards. */
export interface Segment<State> {
  parent: Segment<State> | null;
  children: Map<string, Segment<State>>;
  middlewares: MaybeLazyMiddleware<State>[];
  layout: { component: RouteComponent<State>; config: LayoutConfig } | null;
  app: RouteComponent<State> | null;
  errorRoute: Route<State> | null;
}

export function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  return {
    parent,
    children: new Map(),
    middlewares: [],
    layout: null,
    app: null,
    errorRoute: null,
  };
}

export function segmentAt<State>(root: Segment<State>, names: string[]): Segment<State> {
  let segment = root;
  for (const name of names) {
    let child = segment.children.get(name);
    if (child === undefined) {
      child = newSegment(segment);
      segment.children.set(name, child);
    }
    segment = child;
  }
  return segment;
}

/** Every middleware from the root down to a segment, with an error boundary where one is needed. */
export function stepsTo<State>(
  segment: Segment<State>,
  notFound: Middleware<State> | null,
): { steps: Step<State>[]; ui: Ui<State> } {
  const { steps, ui: outer } = segment.parent === null
    ? { steps: [], ui: BARE_UI as Ui<State> }
    : stepsTo(segment.parent, notFound);
  const ui = uiOf(segment, outer);
  if (segment.errorRoute !== null || notFound !== null) {
    steps.push({ fn: errorBoundary(segment.errorRoute, notFound), ui });
  }
  for (const fn of segment.middlewares) steps.push({ fn, ui });
  return { steps, ui };
}

function uiOf<State>({ app, layout }: Segment<State>, outer: Ui<State>): Ui<State> {
  if (layout === null) return app === null ? outer : { ...outer, app };
  const { component, config } = layout;
  return {
    app: config.skipAppWrapper ? null : app ?? outer.app,
    layouts: config.skipInheritedLayouts ? [component] : [...outer.layouts, component],
  };
}

function errorBoundary<State>(
  errorRoute: Route<State> | null,
  notFound: Middleware<State> | null,
): Middleware<State> {
  return async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      ctx.error = error;
      ctx.next = () => Promise.reject(error); // an error route without this method passes it on
      const status = error instanceof HttpError ? error.status : 500;
      if (notFound !== null && status === 404) return await notFound(ctx);
      if (errorRoute !== null) return await renderRoute(ctx, errorRoute, status);
      throw error;
    }
  };
}
