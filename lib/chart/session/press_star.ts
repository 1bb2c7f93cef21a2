import {
  favouritesCookie,
  findFavourites,
  MAX_FAVOURITES,
  STAR_PATH,
  starHref,
} from "../../core/favourites.ts";
import { STARS } from "../page_names.ts";

/** Changes a favourite without leaving the page; where that cannot be done, the server answers. */
export function pressStar(event: SubmitEvent): void {
  const { target: form, submitter: star } = event;
  if (!(form instanceof HTMLFormElement && star instanceof HTMLButtonElement)) return;
  if (form.id !== STARS) return;
  event.preventDefault();
  if (toggle(star, form)) return;
  form.action = star.formAction;
  form.submit();
}

/**
 * Marks the symbol of a star as a favourite, or takes the mark away; returns false if cookies are
 * blocked or there are too many favourites. No row moves before the next page, so that a second
 * click is on the same star.
 */
function toggle({ formAction, ariaPressed }: HTMLButtonElement, form: HTMLFormElement): boolean {
  const { pathname, searchParams } = new URL(formAction);
  const isMarked = ariaPressed !== "true";
  const symbol = searchParams.get(isMarked ? "add" : "remove")!;
  const others = findFavourites(document.cookie).filter((one) => one !== symbol);
  if (isMarked && others.length >= MAX_FAVOURITES) return false;
  const basePath = pathname.slice(0, -`/${STAR_PATH}`.length);
  document.cookie = favouritesCookie(isMarked ? [...others, symbol] : others, basePath);
  if (findFavourites(document.cookie).includes(symbol) !== isMarked) return false;
  for (const star of form.elements) {
    if (!(star instanceof HTMLButtonElement) || star.formAction !== formAction) continue;
    star.ariaPressed = `${isMarked}`;
    star.formAction = starHref(symbol, isMarked);
  }
  return true;
}
