import { define } from "../../define.ts";

export const handler = define.handlers((ctx) => ctx.text(`optional ${ctx.params.kind}`));
