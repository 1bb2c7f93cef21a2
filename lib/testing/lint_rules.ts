const MAX_LINES = 60;
const MAX_JSX_LINES = 80;
/** The formatter wraps code, and no comments. */
const MAX_WIDTH = 100;

function isLiteral({ type }: Deno.lint.Node): boolean {
  return type === "ObjectExpression" || type === "ArrayExpression";
}

const plugin: Deno.lint.Plugin = {
  name: "wick",
  rules: {
    "no-literal-spread": {
      create(context) {
        const message = "Write the members without a spread";
        const visit = (node: Deno.lint.SpreadElement | Deno.lint.JSXSpreadAttribute) => {
          if (isLiteral(node.argument)) context.report({ node, message });
        };
        return { SpreadElement: visit, JSXSpreadAttribute: visit };
      },
    },
    "max-comment-width": {
      create(context) {
        const message = `Wrap this comment: it has a line of more than ${MAX_WIDTH} characters`;
        return {
          "Program:exit"() {
            const { text } = context.sourceCode;
            for (const comment of context.sourceCode.getAllComments()) {
              const start = text.lastIndexOf("\n", comment.range[0] - 1) + 1;
              const end = text.indexOf("\n", comment.range[1]);
              const lines = text.slice(start, end === -1 ? undefined : end).split("\n");
              if (lines.some((line) => line.length > MAX_WIDTH)) {
                context.report({ range: comment.range, message });
              }
            }
          },
        };
      },
    },
    "max-function-lines": {
      create(context) {
        const limit = context.filename.endsWith("x") ? MAX_JSX_LINES : MAX_LINES;
        const message = `Divide this function: it has more than ${limit} lines`;
        const visit = (
          node:
            | Deno.lint.FunctionDeclaration
            | Deno.lint.FunctionExpression
            | Deno.lint.ArrowFunctionExpression,
        ) => {
          const text = context.sourceCode.getText(node);
          if (text.split("\n").length > limit) context.report({ node, message });
        };
        return {
          FunctionDeclaration: visit,
          FunctionExpression: visit,
          ArrowFunctionExpression: visit,
        };
      },
    },
  },
};

export default plugin;
