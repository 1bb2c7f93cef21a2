import { page } from "fresh";
import { define } from "../../define.ts";

export const handler = define.handlers({
  GET(ctx) {
    return page({ slug: ctx.params.slug }, { status: 203, headers: { "x-slug": "yes" } });
  },
  POST(ctx) {
    return ctx.redirect(`/blog/${ctx.params.slug}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <h1>{data.slug}</h1>);
