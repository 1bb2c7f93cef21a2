import { write } from "./price_in_page.ts";
import type { Study } from "../model/study.ts";
import { studyText } from "../model/study_text.ts";

/** Writes the last values of `studies` on their chips, which never become narrower. */
export function tellStudies(studies: readonly Study[], decimals: number): void {
  const places = document.querySelectorAll<HTMLElement>(".legend .chip > b");
  studies.forEach((study, i) => {
    const place = places[i];
    if (place === undefined) return;
    place.style.minWidth ||= `${place.getBoundingClientRect().width}px`;
    write(place, studyText(study, decimals));
  });
}
