// Tables that a click on a column's head sorts.

export interface Order {
  by: string;
  descending: boolean;
}

/** What stands in the columns of a row; null where there is nothing. */
export type Cells<Row> = Record<string, (row: Row) => number | string | null | undefined>;

/** orderOf reads an order as it stands in the address, when there is such a column. */
export function orderOf<Row>(text: string, cells: Cells<Row>, otherwise: Order): Order {
  const by = text.replace(/^-/, "");
  return Object.hasOwn(cells, by) ? { by, descending: text.startsWith("-") } : otherwise;
}

/** textOf writes an order for the address. */
export const textOf = ({ by, descending }: Order): string => (descending ? "-" : "") + by;

/** sorted gives the rows in an order. Those without a value come last in both directions; equals stay as they were. */
export function sorted<Row>(rows: readonly Row[], cells: Cells<Row>, { by, descending }: Order): Row[] {
  const cell = cells[by]!;
  const known = rows.filter((row) => (cell(row) ?? null) !== null);
  const unknown = rows.filter((row) => (cell(row) ?? null) === null);
  const sign = descending ? -1 : 1;
  return [...known.sort((a, b) => sign * compare(cell(a)!, cell(b)!)), ...unknown];
}

const compare = (a: number | string, b: number | string): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
