import type { JSX } from "preact";

/** The sign for contactless. */
export function Waves(): JSX.Element {
  return (
    <svg class="waves" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 8.500a7 7 0 0 1 0 7M11 6a11 11 0 0 1 0 12M15 3.500a15 15 0 0 1 0 17" />
    </svg>
  );
}
