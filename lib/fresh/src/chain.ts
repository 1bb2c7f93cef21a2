import { type Context, INTERNALS } from "./context.ts";
import type { MaybeLazyMiddleware } from "./middleware.ts";
import type { Ui } from "./ui.ts";

/** A middleware and what `ctx.render()` wraps pages in while it runs. */
export interface Step<State> {
  fn: MaybeLazyMiddleware<State>;
  ui: Ui<State>;
}

interface Link<State> extends Step<State> {
  next: Link<State> | null;
}

type Last = () => Promise<Response>;

/** Middlewares in the order they run, linked once so that a request only walks them. */
export class Chain<State> {
  #first: Link<State> | null = null;

  constructor(readonly steps: readonly Step<State>[]) {
    for (const step of steps.toReversed()) {
      this.#first = { ...step, next: this.#first };
    }
  }

  concat(other: Chain<State>): Chain<State> {
    return new Chain([...this.steps, ...other.steps]);
  }

  /** Runs the middlewares; the innermost `ctx.next()` calls `last`. */
  run(ctx: Context<State>, last: Last): Promise<Response> {
    return this.#first === null ? last() : runFrom(this.#first, ctx, last);
  }
}

async function runFrom<State>(
  link: Link<State>,
  ctx: Context<State>,
  last: Last,
): Promise<Response> {
  const internals = ctx[INTERNALS];
  const { next } = link;
  const outerUi = internals.ui;
  internals.ui = link.ui;
  ctx.next = next === null ? last : () => runFrom(next, ctx, last);
  try {
    const result = await link.fn(ctx);
    if (typeof result !== "function") return result;
    link.fn = result; // was lazy, and is loaded from now on
    return await result(ctx);
  } catch (error) {
    ctx.error = error;
    throw error;
  } finally {
    internals.ui = outerUi;
  }
}
