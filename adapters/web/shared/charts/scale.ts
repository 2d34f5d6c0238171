// Where the lines of a chart's value axis stand: at figures that people would choose, from 0.

/** What the values of a chart are: how many, seconds, or one to five stars. */
export type Unit = "count" | "seconds" | "stars";

export interface Scale {
  max: number;
  interval: number;
}

const lines = 4;
const minute = 60;
const hour = 3600;
const times = [1, 2, 5, 10, 15, 30, minute, 120, 300, 600, 900, 1800, hour, 7200, 10_800, 21_600, 43_200, 86_400];

/** scaleFor gives the axis for values of which this is the largest. */
export function scaleFor(largest: number, unit: Unit): Scale {
  if (unit === "stars") return { max: 5, interval: 1 };
  if (largest === 0) return unit === "count" ? { max: lines, interval: 1 } : { max: minute, interval: 15 };
  const step = Math.max(largest, unit === "count" ? 1 : 0.001) / lines;
  const interval = unit === "seconds" ? timeStep(step) : Math.max(1, roundStep(step));
  return { max: interval * Math.max(1, Math.ceil(largest / interval)), interval };
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not less; whole where it counts. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= step && (power > 1 || Number.isInteger(one * power)));
  return (factor ?? 10) * power;
}

function timeStep(step: number): number {
  return times.find((one) => one >= step) ?? roundStep(step / 86_400) * 86_400;
}
