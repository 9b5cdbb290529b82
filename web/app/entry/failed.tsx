import type { JSX } from "preact";
import type { Identity } from "../../lib/api/open.ts";
import type { PairingLink } from "../../lib/api/pairing.ts";
import type { ApiError } from "../../lib/api/problem.ts";
import { useTimeLeft } from "../../lib/ui/countdown.tsx";
import { Threshold } from "../../lib/ui/threshold.tsx";
import { adviceFor } from "../../lib/words/pairing.ts";
import { clockText } from "../../lib/words/people.ts";
import { LinkForm } from "./link_form.tsx";

export interface FailedProps {
  identity: Identity | undefined;
  error: ApiError;
  kind: PairingLink["kind"];
  onAgain(): void;
  onLink(link: PairingLink): void;
}

/** A pairing that did not work: why, and what to do next. */
export function Failed({ identity, error, kind, onAgain, onLink }: FailedProps): JSX.Element {
  const { title, text, next } = adviceFor(error, kind);
  return (
    <Threshold icon="warning" name={identity?.name} heading={title}>
      <p class="soft">{text}</p>
      {next === "again"
        ? <Again key={error.message} waitMs={(error.retryAfter ?? 0) * 1_000} onAgain={onAgain} />
        : <LinkForm label="Another link" onLink={onLink} />}
    </Threshold>
  );
}

function Again({ waitMs, onAgain }: { waitMs: number; onAgain(): void }): JSX.Element {
  const left = useTimeLeft(waitMs);
  return (
    <button type="button" class="button primary" disabled={left > 0} onClick={onAgain}>
      {left > 0 ? `Try again in ${clockText(left)}` : "Try again"}
    </button>
  );
}
