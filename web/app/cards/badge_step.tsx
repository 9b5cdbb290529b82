import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { CountDown } from "../../lib/ui/countdown.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import { possessive } from "../../lib/words/log.ts";
import type { Home } from "../model/home.ts";

export interface BadgeStepProps {
  home: Home;
  begun: Enrolment;
  asking: boolean;
  fault: string | undefined;
  onAgain(): void;
  onClose(): void;
}

/** Waits with the person at the reader, and says how it ended. */
export function BadgeStep({ home, begun, asking, fault, onAgain, onClose }: BadgeStepProps): JSX.Element {
  const { enrolment: latest } = useValue(home);
  const [refusal, setRefusal] = useState<string>();
  const enrolment = latest?.id === begun.id ? latest : begun;
  const { state } = enrolment;
  const waiting = state === "waiting" || state === "saving";

  async function cancel(): Promise<void> {
    try {
      home.set({ enrolment: await home.api.cancelEnrolment() });
      onClose();
    } catch (error) {
      setRefusal(messageOf(error));
    }
  }

  return (
    <div class="badge-step">
      {waiting
        ? (
          <CountDown key={begun.id} ms={begun.remainingMs}>
            <Icon name="card" size={40} />
          </CountDown>
        )
        : <End enrolment={enrolment} />}
      <div class="badge-said" aria-live="polite">
        <p class="badge-word">{wordOf(enrolment)}</p>
        <p class="soft">{noteOf(enrolment)}</p>
      </div>
      {(refusal ?? fault) !== undefined && <Fault text={(refusal ?? fault)!} />}
      <div class="dialog-foot">
        {waiting && (
          <button
            type="button"
            class="button plain"
            disabled={state === "saving"}
            onClick={() => void cancel()}
          >
            Cancel
          </button>
        )}
        {(state === "timed-out" || state === "duplicate" || state === "failed") && (
          <button type="button" class="button" disabled={asking} onClick={onAgain}>
            {state === "duplicate" ? "Try another badge" : "Try again"}
          </button>
        )}
        {!waiting && <button type="button" class="button primary" onClick={onClose}>Finish</button>}
      </div>
    </div>
  );
}

function End({ enrolment }: { enrolment: Enrolment }): JSX.Element {
  const good = enrolment.state === "done";
  const icons: Partial<Record<Enrolment["state"], IconName>> = {
    "done": "check",
    "timed-out": "clock",
    "duplicate": "card",
  };
  return (
    <span class={`badge-end ${good ? "is-good" : ""}`}>
      <Icon name={icons[enrolment.state] ?? "cross"} size={56} />
    </span>
  );
}

function wordOf({ state, holderName, knownAs }: Enrolment): string {
  switch (state) {
    case "waiting":
      return "Hold the badge to the reader at the door";
    case "saving":
      return "Saving …";
    case "done":
      return `${possessive(holderName)} card is ready`;
    case "duplicate":
      return `This badge is known already: it is ${possessive(knownAs?.holderName ?? "someone else")}`;
    case "timed-out":
      return "No badge came in time";
    case "cancelled":
      return "Cancelled";
    case "failed":
      return "The card could not be added";
  }
}

function noteOf({ state, message }: Enrolment): string {
  switch (state) {
    case "waiting":
    case "saving":
      return "Until then no card opens anything.";
    case "done":
      return "The light at the bell has flashed three times. Take the badge away and try it.";
    case "failed":
      return message;
    default:
      return "Nothing was added.";
  }
}
