/** median of numbers; of an even count the upper of the middle two. */
export const median = (numbers) => quantile(numbers, 0.5);

/** quantile gives the number that this share of them does not pass. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const columns = (what, measured, bound, holds) =>
  console.log(`${what.padEnd(62)}${measured.padStart(12)}${bound.padStart(12)}   ${holds}`);

/** Table prints each line as soon as it is known. */
export class Table {
  #runs;

  constructor(runs) {
    this.#runs = runs;
    columns("what", "measured", "bound", "holds");
  }

  /** repeat measures one after the other, as often as is asked for. */
  async repeat(measure) {
    const all = [];
    for (let run = 0; run < this.#runs; run++) all.push(await measure());
    return all;
  }

  /** add prints the median of what `of` sees in the measurements. Without a bound it is only told. */
  add(what, measurements, of, bound, unit) {
    const value = median(measurements.map(of));
    const holds = bound === undefined ? "" : value <= bound ? "yes" : "NO";
    columns(what, `${value.toFixed(1)} ${unit}`, bound === undefined ? "" : `${bound} ${unit}`, holds);
  }
}
