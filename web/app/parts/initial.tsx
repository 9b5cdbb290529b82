import type { JSX } from "preact";

/** A name's first letter, as decoration. */
export function Initial({ name }: { name: string }): JSX.Element {
  return <span class="initial" aria-hidden="true">{Array.from(name)[0]?.toUpperCase() ?? ""}</span>;
}
