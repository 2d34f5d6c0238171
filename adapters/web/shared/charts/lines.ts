// A chart of lines, as data for the library that draws it. Colours are tokens by name, so a change of the theme needs no
// new drawing.
import { scaleFor, type Unit } from "./scale.ts";

export type Colour = "accent" | "hot" | "warm" | "cool" | "ink-3";

export interface Line {
  name: string;
  colour: Colour;
  /** One for each place of the chart; null where there is nothing to tell, which stays a gap. */
  values: readonly (number | null)[];
}

export interface LinesChart {
  /** What stands under the places, from the first. */
  places: readonly string[];
  lines: readonly Line[];
  unit: Unit;
  /** The last place is a day that is not over: what leads to it is dashed. */
  partial: boolean;
  /** How a value is written at the axis. */
  show: (value: number) => string;
  font?: string;
}

const paint = (colour: Colour): string => `var(--${colour})`;
const dotSize = 5;

/** largestOf is the largest value of a chart, 0 when it has none. */
export const largestOf = (lines: readonly Line[]): number =>
  lines.reduce((most, { values }) => values.reduce((m: number, v) => Math.max(m, v ?? 0), most), 0);

/** isEmpty says whether a chart has nothing to show: no value, or zeros only. */
export const isEmpty = (lines: readonly Line[]): boolean => largestOf(lines) === 0;

/** optionsOf is a chart as the library wants it. */
export function optionsOf(chart: LinesChart) {
  return {
    animation: false,
    textStyle: { fontFamily: chart.font ?? "sans-serif", fontSize: 11 },
    grid: { left: 0, right: 4, top: 8, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: placesAxis(chart),
    yAxis: valuesAxis(chart),
    // A chart of nothing is its axes.
    series: isEmpty(chart.lines) ? [] : chart.lines.flatMap((line) => seriesOf(line, chart.partial)),
  };
}

const label = { color: "var(--ink-3)", fontSize: 11 };
const hairline = { lineStyle: { color: "var(--line)", width: 1 } };

const placesAxis = ({ places }: LinesChart) => ({
  type: "category",
  data: [...places],
  boundaryGap: places.length === 1,
  axisTick: { show: false },
  axisLine: { show: true, onZero: false, ...hairline },
  axisLabel: { ...label, hideOverlap: true, margin: 10 },
});

function valuesAxis({ lines, unit, show }: LinesChart) {
  const { max, interval } = scaleFor(largestOf(lines), unit);
  return {
    type: "value",
    min: 0,
    max,
    interval,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, ...hairline },
    axisLabel: { ...label, margin: 12, formatter: (value: number) => show(value) },
  };
}

/** A line as one series; or as two, when the way to its last value is dashed. */
function seriesOf(line: Line, partial: boolean) {
  const { values } = line;
  const last = values.length - 1;
  const dashes = partial && last > 0 && values[last] !== null;
  const solid = dashes ? values.slice(0, last) : values;
  const drawn = [series(line, dots(solid, values), "solid")];
  if (dashes)
    drawn.push(
      series(
        line,
        dots(
          values.map((v, i) => (i < last - 1 ? null : v)),
          values,
          last,
        ),
        "dashed",
      ),
    );
  return drawn;
}

const series = ({ name, colour }: Line, data: ReturnType<typeof dots>, type: "solid" | "dashed") => ({
  type: "line",
  name,
  data,
  symbol: "none",
  showSymbol: true,
  showAllSymbol: true,
  connectNulls: false,
  silent: true,
  clip: false,
  emphasis: { disabled: true },
  lineStyle: { width: 2, color: paint(colour), type: type === "dashed" ? [4, 4] : "solid" },
  itemStyle: { color: paint(colour) },
});

/** The values of a series. One without neighbours would be no line, so it is a dot; so is the one at `end`. */
function dots(drawn: readonly (number | null)[], all: readonly (number | null)[], end = -1) {
  return drawn.map((value, at) => {
    const alone = value !== null && (all[at - 1] ?? null) === null && (all[at + 1] ?? null) === null;
    return alone || (at === end && value !== null) ? { value, symbol: "circle", symbolSize: dotSize } : value;
  });
}
