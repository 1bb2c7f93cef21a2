import { HttpError } from "fresh";
import { define } from "../define.ts";

export default define.page(({ error }) => (
  <p class="error">
    {error instanceof HttpError ? error.status : 500}: {error instanceof Error ? error.message : ""}
  </p>
));
