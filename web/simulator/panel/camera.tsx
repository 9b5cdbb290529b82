import type { JSX } from "preact";

/** There is no picture yet: glass alone. */
export function Camera(): JSX.Element {
  return (
    <span class="camera" aria-hidden="true">
      <span class="lens">
        <span class="iris" />
        <span class="glint" />
      </span>
    </span>
  );
}
