export interface Row {
  name: string;
  /** One figure per repeat, in `unit`. */
  figures: number[];
}

export interface Table {
  title: string;
  unit: string;
  rows: Row[];
  /** Ratios of medians, each against its limit. */
  ratios: { name: string; value: number; limit: number }[];
}

export function median(figures: number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function ratio(name: string, ours: Row, base: Row, limit: number): Table["ratios"][number] {
  return { name, value: median(ours.figures) / median(base.figures), limit };
}

/** The table as text; a ratio over its limit is marked with how much it misses. */
export function printTable({ title, unit, rows, ratios }: Table): string {
  const width = Math.max(...rows.map((row) => row.name.length), ...ratios.map((r) => r.name.length)) + 2;
  const number = (value: number) => value.toPrecision(4).padStart(11);
  const lines = [`\n## ${title}`, "".padEnd(width) + `${unit}, three repeats`.padStart(33) + "     median"];
  for (const row of rows) {
    lines.push(row.name.padEnd(width) + row.figures.map(number).join("") + number(median(row.figures)));
  }
  for (const { name, value, limit } of ratios) {
    const verdict = value <= limit ? "met" : `MISSED by ${((value / limit - 1) * 100).toFixed(0)} %`;
    lines.push(`${name.padEnd(width)} ratio ${value.toFixed(2)}  (at most ${limit})  ${verdict}`);
  }
  return lines.join("\n");
}
