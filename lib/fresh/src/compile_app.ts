import { Chain } from "./chain.ts";
import type { Command, HandlerCommand, RouteCommand } from "./commands.ts";
import type { MaybeLazyMiddleware, Middleware } from "./middleware.ts";
import { renderRoute } from "./render_route.ts";
import type { Route } from "./route.ts";
import { mergePath } from "./routing/path.ts";
import { type Method, METHODS, Router } from "./routing/router.ts";
import { newSegment, type Segment, segmentAt, stepsTo } from "./segments.ts";

export interface CompiledApp<State> {
  router: Router<Chain<State>>;
  /** Runs where no route matches. */
  fallback: Chain<State>;
}

interface Placed<State> {
  base: string;
  command: Exclude<Command<State>, { kind: "files" }>;
}

/** Turns an app's commands into a router whose routes have their middlewares already in place. */
export function compileApp<State>(commands: Command<State>[], base: string): CompiledApp<State> {
  const root = newSegment<State>(null);
  const router = new Router<Chain<State>>();
  const placed = withFileRoutes(commands, base);
  const notFound = lastNotFound(placed);
  for (const { base, command } of placed) {
    if (command.kind === "route" || command.kind === "handler") {
      addRoute(router, command, { root, base, notFound });
    } else {
      applyToSegment(root, command);
    }
  }
  return { router, fallback: new Chain(stepsTo(root, notFound).steps) };
}

function withFileRoutes<State>(commands: Command<State>[], base: string): Placed<State>[] {
  return commands.flatMap((command) =>
    command.kind === "files"
      ? withFileRoutes(command.commands(), mergePath(base, command.pattern, true))
      : [{ base, command }]
  );
}

function lastNotFound<State>(placed: Placed<State>[]): Middleware<State> | null {
  const found = placed.findLast(({ command }) => command.kind === "notFound")
    ?.command;
  return found?.kind === "notFound" ? found.handle : null;
}

function applyToSegment<State>(root: Segment<State>, command: Placed<State>["command"]): void {
  switch (command.kind) {
    case "middleware":
      segmentAt(root, command.segments).middlewares.push(...command.fns);
      break;
    case "layout": {
      const { component, config = {} } = command;
      segmentAt(root, command.segments).layout = { component, config };
      break;
    }
    case "error":
      segmentAt(root, command.segments).errorRoute = command.route;
      break;
    case "app":
      root.app = command.component;
      break;
  }
}

function addRoute<State>(
  router: Router<Chain<State>>,
  command: RouteCommand<State> | HandlerCommand<State>,
  { root, base, notFound }: {
    root: Segment<State>;
    base: string;
    notFound: Middleware<State> | null;
  },
): void {
  const { steps, ui } = stepsTo(segmentAt(root, command.segments), notFound);
  const fns = command.kind === "handler" ? command.fns : [routeMiddleware(command.route)];
  const added = fns.map((fn) => ({ fn: fn as MaybeLazyMiddleware<State>, ui }));
  const chain = new Chain([...steps, ...added]);
  const pattern = mergePath(base, command.pattern, false) || "*";
  for (const method of methodsOf(command)) {
    router.add(method, pattern, chain, (present, added) => present.concat(added));
  }
}

function methodsOf<State>(command: RouteCommand<State> | HandlerCommand<State>): readonly Method[] {
  if (command.kind === "handler") return command.method === "ALL" ? METHODS : [command.method];
  if (typeof command.route === "function") {
    return Array.isArray(command.methods) ? command.methods : METHODS;
  }
  const { handler } = command.route;
  return typeof handler === "object" ? Object.keys(handler) as Method[] : METHODS;
}

function routeMiddleware<State>(route: RouteCommand<State>["route"]): Middleware<State> {
  if (typeof route !== "function") return (ctx) => renderRoute(ctx, route);
  let loaded: Route<State> | null = null;
  return async (ctx) => await renderRoute(ctx, loaded ??= await route());
}
