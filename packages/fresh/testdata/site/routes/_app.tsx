import { asset } from "fresh/runtime";
import { define } from "../define.ts";

export default define.page(function Shell({ Component }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>site</title>
        <meta name="description" content="of the app" />
        <link rel="stylesheet" href={asset("/styles.css")} />
        <style>{"output { color: red }"}</style>
      </head>
      <body>
        <nav>
          <a href="/">home</a>
          <a href="/blog/post">first</a>
        </nav>
        <Component />
      </body>
    </html>
  );
});
