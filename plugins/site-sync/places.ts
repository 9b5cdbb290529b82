/** Where something encrypted belongs: nothing is taken from one place to another. */
export const cardPlace = (site: string, mark: string, version: number): string =>
  `card ${site} ${mark} ${version}`;

export const wishPlace = (site: string, panel: string, n: number, mark: string): string =>
  `wish ${site} ${panel} ${n} ${mark}`;

export const rowsPlace = (site: string, panel: string, from: number, to: number): string =>
  `rows ${site} ${panel} ${from} ${to}`;
