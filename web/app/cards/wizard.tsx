import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Field } from "../../lib/ui/fields.tsx";
import type { Home } from "../model/home.ts";
import { BadgeStep } from "./badge_step.tsx";
import { draftOf, faultOf, newDraft, termsOf } from "../terms/terms_draft.ts";
import { TermsForm } from "../terms/terms_form.tsx";

type Step = "name" | "terms" | "badge";

const STEPS: Record<Step, { title: string; count: string }> = {
  name: { title: "Whose card is it?", count: "Step 1 of 3" },
  terms: { title: "What may it open?", count: "Step 2 of 3" },
  badge: { title: "Put the badge on the reader", count: "Step 3 of 3" },
};

export interface WizardProps {
  home: Home;
  /** Goes on with this one, at its last step. */
  underWay?: Enrolment;
  onClose(): void;
}

/** Adds a card: name, terms, badge. */
export function Wizard({ home, underWay, onClose }: WizardProps): JSX.Element {
  const { accessPoints } = useValue(home);
  const [step, setStep] = useState<Step>(underWay ? "badge" : "name");
  const [name, setName] = useState(underWay?.holderName ?? "");
  const [draft, setDraft] = useState(() => {
    const fresh = newDraft(accessPoints.slice(0, 1).map(({ id }) => id), Date.now());
    return underWay ? draftOf(underWay.terms, fresh) : fresh;
  });
  const [fault, setFault] = useState<string>();
  const [asking, setAsking] = useState(false);
  const [begun, setBegun] = useState(underWay);

  function goTo(next: Step): void {
    setFault(undefined);
    setStep(next);
  }

  async function begin(): Promise<void> {
    setAsking(true);
    try {
      setBegun(await home.api.startEnrolment(name.trim(), termsOf(draft)));
      goTo("badge");
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setAsking(false);
    }
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (step === "name") {
      if (name.trim() === "") setFault("Give a name, so that the log can say who came.");
      else goTo("terms");
      return;
    }
    const wrong = faultOf(draft);
    setFault(wrong);
    if (wrong === undefined) void begin();
  }

  function close(): void {
    if (begun && isOpen(home, begun)) home.api.cancelEnrolment().catch(() => {});
    onClose();
  }

  return (
    <Dialog title={STEPS[step].title} onClose={close}>
      <p class="step-count">{STEPS[step].count}</p>
      {step === "badge" && begun
        ? (
          <BadgeStep
            home={home}
            begun={begun}
            onAgain={() => void begin()}
            onClose={close}
            asking={asking}
            fault={fault}
          />
        )
        : (
          <form class="form" onSubmit={submit} noValidate>
            {step === "name"
              ? (
                <Field label="Name" hint="As it will stand in the access log" fault={fault}>
                  {(control) => (
                    <input
                      {...control}
                      class="input"
                      data-first
                      maxLength={60}
                      autocomplete="off"
                      placeholder="Anna"
                      value={name}
                      onInput={(event) => setName(event.currentTarget.value)}
                    />
                  )}
                </Field>
              )
              : (
                <>
                  <TermsForm draft={draft} accessPoints={accessPoints} onChange={setDraft} />
                  {fault !== undefined && <Fault text={fault} />}
                </>
              )}
            <div class="dialog-foot">
              {step === "terms" && (
                <button type="button" class="button plain" onClick={() => goTo("name")}>Back</button>
              )}
              <button type="submit" class="button primary" disabled={asking}>Next</button>
            </div>
          </form>
        )}
    </Dialog>
  );
}

/** Whether the enrolment that this wizard began still waits. */
function isOpen(home: Home, begun: Enrolment): boolean {
  const { enrolment } = home.value;
  return enrolment?.id !== begun.id || enrolment.state === "waiting";
}
