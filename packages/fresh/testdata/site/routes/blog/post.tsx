import { page } from "fresh";
import { define } from "../../define.ts";

export const handler = define.handlers((ctx) => {
  ctx.state.trail.push("post");
  return page({ slug: "first" }, { status: 203, headers: { "x-slug": "yes" } });
});

export default define.page<typeof handler>(({ data }) => <h1>{data.slug}</h1>);
