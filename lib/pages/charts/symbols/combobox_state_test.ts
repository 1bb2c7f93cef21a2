import assert from "node:assert/strict";
import { answerKey, CLOSED, type ComboboxState } from "./combobox_state.ts";

/** `2`: open at the second option; `-`: open without one; `x`: closed. */
const said = ({ isOpen, active }: ComboboxState) => isOpen ? `${active ?? "-"}` : "x";

Deno.test("answerKey() cycles through the options, opens, closes, then clears", () => {
  const open = (active?: number): ComboboxState => ({ isOpen: true, active });
  const cases: [ComboboxState, string, string][] = [
    [CLOSED, "ArrowDown", "0"],
    [CLOSED, "ArrowUp", "2"],
    [open(), "ArrowDown", "0"],
    [open(0), "ArrowDown", "1"],
    [open(2), "ArrowDown", "0"],
    [open(0), "ArrowUp", "2"],
    [open(1), "Enter", "x take"],
    [open(1), "Escape", "x"],
    [CLOSED, "Escape", "x clear"],
  ];
  for (const [state, key, expected] of cases) {
    const answer = answerKey(state, { key, altKey: false }, 3)!;
    assert.equal([said(answer.state), answer.deed].filter(Boolean).join(" "), expected);
  }
  assert.equal(said(answerKey(CLOSED, { key: "ArrowDown", altKey: true }, 3)!.state), "-");
  assert.equal(said(answerKey(open(1), { key: "ArrowUp", altKey: true }, 3)!.state), "x");
  assert.equal(said(answerKey(open(), { key: "ArrowDown", altKey: false }, 0)!.state), "-");
});

Deno.test("answerKey() leaves other keys to the field", () => {
  for (const key of ["a", "Home", "Tab", "ArrowLeft", "Backspace"]) {
    assert.equal(answerKey(CLOSED, { key, altKey: false }, 3), undefined, key);
  }
  assert.equal(
    answerKey({ isOpen: true, active: undefined }, { key: "Enter", altKey: false }, 3),
    undefined,
  );
});
