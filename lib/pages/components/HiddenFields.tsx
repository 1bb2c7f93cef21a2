import { type ChartAddress, chartParams } from "../../core/chart_address.ts";

export interface HiddenFieldsProps {
  readonly address: Partial<ChartAddress>;
  /** Parameters that the form has inputs for. */
  readonly without: readonly string[];
}

/** Hidden inputs for the other parameters of a chart's URL. */
export function HiddenFields({ address, without }: HiddenFieldsProps) {
  return (
    <>
      {chartParams({ ...address, page: undefined }).filter(([name]) => !without.includes(name))
        .map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
    </>
  );
}
