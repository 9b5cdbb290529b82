import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Invitation } from "../../../core/members/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Choice, Fault, Field } from "../../lib/ui/fields.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { ROLES } from "../../lib/words/people.ts";
import type { Home } from "../model/home.ts";
import { TermsForm } from "../terms/terms_form.tsx";
import { InvitationView } from "./invitation.tsx";
import {
  hasLimits,
  identityFault,
  type InviteDraft,
  limitsFault,
  memberOf,
  newInvite,
} from "./invite_draft.ts";
import { ScopesForm } from "./scopes_form.tsx";
import { UntilForm } from "./until_form.tsx";

type Step = "who" | "limits" | "invitation";

/** Invites someone new: who, how far, the link. */
export function InviteDialog({ home, onClose }: { home: Home; onClose(): void }): JSX.Element {
  const { accessPoints } = useValue(home);
  const [step, setStep] = useState<Step>("who");
  const [draft, setDraft] = useState(() => newInvite(accessPoints.map(({ id }) => id), Date.now()));
  const [invitation, setInvitation] = useState<Invitation>();
  const { asking, fault, setFault, ask } = useAsk();
  const set = (change: Partial<InviteDraft>) => setDraft((now) => ({ ...now, ...change }));
  const name = draft.name.trim();

  function goTo(next: Step): void {
    setFault(undefined);
    setStep(next);
  }

  function invite(): void {
    void ask(() => home.api.invite(memberOf(draft)), (made) => {
      setInvitation(made);
      setStep("invitation");
      void home.loadMembers();
    });
  }

  function submit(event: Event): void {
    event.preventDefault();
    const wrong = step === "who" ? identityFault(draft) : limitsFault(draft);
    if (wrong !== undefined) setFault(wrong);
    else if (step === "who" && hasLimits(draft.role)) goTo("limits");
    else invite();
  }

  if (step === "invitation" && invitation) {
    return (
      <Dialog title={`Invite ${name}`} onClose={onClose}>
        <InvitationView
          key={invitation.id}
          home={home}
          invitation={invitation}
          name={name}
          forService={draft.role === "service"}
          onAgain={invite}
          onClose={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={step === "who" ? "Whom do you invite?" : `How far may ${name} go?`} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        {step === "who" ? <Who draft={draft} set={set} /> : draft.role === "guest"
          ? (
            <TermsForm
              ofPerson
              draft={draft.terms}
              accessPoints={accessPoints}
              onChange={(terms) => set({ terms })}
            />
          )
          : (
            <ScopesForm
              scopes={draft.scopes}
              accessPoints={accessPoints}
              onChange={(scopes) => set({ scopes })}
            />
          )}
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          {step === "limits" && (
            <button type="button" class="button plain" onClick={() => goTo("who")}>Back</button>
          )}
          <button type="submit" class="button primary" disabled={asking}>
            {step === "who" && hasLimits(draft.role) ? "Next" : "Make the invitation"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Who({ draft, set }: { draft: InviteDraft; set(change: Partial<InviteDraft>): void }): JSX.Element {
  const { name, role, ends, until } = draft;
  return (
    <>
      <Field label="Name" hint="As it will stand in the list and in the log">
        {(control) => (
          <input
            {...control}
            class="input"
            data-first
            maxLength={60}
            autocomplete="off"
            placeholder="Carla"
            value={name}
            onInput={(event) => set({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <fieldset class="group">
        <legend>As what?</legend>
        {ROLES.map((each) => (
          <Choice
            key={each.role}
            kind="radio"
            name="role"
            label={each.label}
            hint={each.hint}
            checked={role === each.role}
            onChange={() => set({ role: each.role })}
          />
        ))}
      </fieldset>
      {role !== "owner" && role !== "guest" && <UntilForm ends={ends} until={until} onChange={set} />}
    </>
  );
}
