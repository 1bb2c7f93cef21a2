import { define } from "../define.ts";

export default define.middleware([
  (ctx) => {
    ctx.state.trail.push("first");
    return ctx.next();
  },
  async (ctx) => {
    ctx.state.trail.push("second");
    const response = await ctx.next();
    response.headers.set("x-trail", ctx.state.trail.join(" "));
    return response;
  },
]);
