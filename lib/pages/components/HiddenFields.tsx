import { type ChartAddress, chartParams } from "./href.ts";

export interface HiddenFieldsProps {
  readonly address: ChartAddress;
  /** Parameters that the form has fields for. */
  readonly without: readonly string[];
}

/** Carries the rest of a chart's address through a form. */
export function HiddenFields({ address, without }: HiddenFieldsProps) {
  return (
    <>
      {chartParams({ ...address, page: undefined }).filter(([name]) => !without.includes(name))
        .map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
    </>
  );
}
