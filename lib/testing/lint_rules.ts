import { fileURLToPath } from "node:url";
import debt from "./lint_debt.json" with { type: "json" };

const MAX_LINES = 60;
const MAX_JSX_LINES = 80;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Allowed reports of a rule per file. The lists only shrink. */
function allowance(rule: keyof typeof debt, filename: string): number {
  const name = filename.slice(root.length).replaceAll("\\", "/");
  return (debt[rule] as Record<string, number>)[name] ?? 0;
}

function isLiteral({ type }: Deno.lint.Node): boolean {
  return type === "ObjectExpression" || type === "ArrayExpression";
}

/** Reports beyond the number that the file is allowed. */
function counter(context: Deno.lint.RuleContext, rule: keyof typeof debt, message: string) {
  let left = allowance(rule, context.filename);
  return (node: Deno.lint.Node) => {
    if (left-- <= 0) context.report({ node, message });
  };
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
    "max-function-lines": {
      create(context) {
        const limit = context.filename.endsWith("x") ? MAX_JSX_LINES : MAX_LINES;
        const message = `Divide this function: it has more than ${limit} lines`;
        const report = counter(context, "max-function-lines", message);
        const visit = (
          node:
            | Deno.lint.FunctionDeclaration
            | Deno.lint.FunctionExpression
            | Deno.lint.ArrowFunctionExpression,
        ) => {
          const text = context.sourceCode.getText(node);
          if (text.split("\n").length > limit) report(node);
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
