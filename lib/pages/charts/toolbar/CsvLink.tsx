import { ACTION, attribute } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { Icon } from "../../components/Icon.tsx";
import { SteadyText } from "../../components/SteadyText.tsx";

export interface CsvFile {
  readonly href: string;
  readonly rows: number;
}

export interface CsvLinkProps extends CsvFile {
  readonly name: string;
  readonly title: string;
  /** Names it for shortcuts and styles. */
  readonly action: string;
}

export function CsvLink({ href, rows, name, title, action }: CsvLinkProps) {
  return (
    <a class="button" href={href} title={title} {...attribute(ACTION, action)} download>
      <Icon name="download" />
      {name}
      <small>
        <SteadyText text={`${numberText(rows, 0)} ${rows === 1 ? "row" : "rows"}`} />
      </small>
    </a>
  );
}
