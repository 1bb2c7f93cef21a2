import { define } from "../../define.ts";

export const handler = define.handlers(() => {
  throw new Error("out of order");
});
