export interface Row {
  name: string;
  /** One figure per repeat, in `unit`. */
  figures: number[];
}

/** A figure against its limit. */
export interface Check {
  name: string;
  value: number;
  limit: number;
  /** Of `value`; a ratio where absent. */
  unit?: string;
}

export interface Table {
  title: string;
  unit: string;
  rows: Row[];
  checks: Check[];
}

export function median(figures: number[]): number {
  return percentile(figures, 50);
}

/** Between two figures where none stands exactly there. */
export function percentile(figures: number[], percent: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below];
  if (low === undefined) throw new RangeError(`There is no percentile of ${figures.length} figures`);
  return low + (sorted[Math.ceil(place)]! - low) * (place - below);
}

/** The median of the ratios, each within one repeat: what slows the machine down slows both. */
export function ratio(name: string, ours: Row, base: Row, limit: number): Check {
  return { name, value: median(ours.figures.map((figure, index) => figure / base.figures[index]!)), limit };
}

/** The greatest of a row's figures. */
export function most(name: string, row: Row, limit: number, unit: string): Check {
  return { name, value: Math.max(...row.figures), limit, unit };
}

/** The table as text; what is over its limit is marked with by how much. */
export function printTable({ title, unit, rows, checks }: Table): string {
  const width = Math.max(...rows.map((row) => row.name.length), ...checks.map((c) => c.name.length)) + 2;
  const number = (value: number) => value.toPrecision(4).padStart(11);
  const heading = "".padEnd(width) + `${unit}, three repeats`.padStart(33) + "     median";
  const lines = [`\n## ${title}`, heading.trimEnd()];
  for (const row of rows) {
    lines.push(row.name.padEnd(width) + row.figures.map(number).join("") + number(median(row.figures)));
  }
  for (const { name, value, limit, unit } of checks) {
    const verdict = value <= limit ? "met" : `MISSED by ${((value / limit - 1) * 100).toFixed(0)} %`;
    const shown = unit === undefined ? `ratio ${value.toFixed(2)}` : `${value.toPrecision(3)} ${unit}`;
    lines.push(`${name.padEnd(width)} ${shown}  (at most ${limit})  ${verdict}`);
  }
  return lines.join("\n");
}
