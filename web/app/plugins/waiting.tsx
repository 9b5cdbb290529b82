import type { JSX } from "preact";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Proposal } from "./plugins_api.ts";

/** Packages that wait for the owner's word: brought by a command, or left open. */
export function Waiting(
  { packages, onLook }: { packages: Proposal[]; onLook(digest: string): void },
): JSX.Element {
  return (
    <ul class="pending-list" aria-label="Waiting to be let in">
      {packages.map(({ digest, title, version, change, installed, more }) => (
        <li class="pending" key={digest}>
          <Icon name="box" />
          <p>
            <strong>{title} {version}</strong> {change === "new"
              ? "waits to be let in"
              : `waits to take the place of ${installed}${more.length > 0 ? ", and wants more" : ""}`}
          </p>
          <button
            type="button"
            class="button"
            aria-haspopup="dialog"
            aria-label={`Look at it: ${title} ${version}`}
            onClick={() => onLook(digest)}
          >
            Look at it
          </button>
        </li>
      ))}
    </ul>
  );
}
