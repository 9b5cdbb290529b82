import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberChange } from "../../../core/members/model.ts";
import { useValue } from "../../lib/state.ts";
import { Fault, NameField, Switch } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { fromLocalInput, toLocalInput } from "../../lib/words/times.ts";
import type { SeenMember } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { draftOf, faultOf, newDraft, termsOf } from "../terms/terms_draft.ts";
import { TermsForm } from "../terms/terms_form.tsx";
import { ScopesForm } from "./scopes_form.tsx";
import { UntilForm } from "./until_form.tsx";

export interface EditMemberProps {
  home: Home;
  member: SeenMember;
  onClose(): void;
}

/** Name and limits; a role stays for life. */
export function EditMember({ home, member, onClose }: EditMemberProps): JSX.Element {
  const { accessPoints } = useValue(home);
  const { role } = member;
  const [name, setName] = useState(member.name);
  const [ends, setEnds] = useState(member.until !== null);
  const [until, setUntil] = useState(() =>
    toLocalInput(member.until === null ? tomorrow() : Date.parse(member.until))
  );
  const [terms, setTerms] = useState(() => {
    const fresh = newDraft([], Date.now());
    return member.terms ? draftOf(member.terms, fresh) : fresh;
  });
  const [scopes, setScopes] = useState(member.scopes);
  const { asking, fault, setFault, ask } = useAsk();
  // A guest's own terms say when; an end beside them comes from elsewhere and can be taken away here.
  const showsUntil = role !== "owner" && (role !== "guest" || member.until !== null);

  function whatIsWrong(): string | undefined {
    if (name.trim() === "") return "Give a name, so that the log can say who opened.";
    if (showsUntil && ends && fromLocalInput(until) === "") return "Say until when the access lasts.";
    if (role === "guest") return faultOf(terms);
    return role === "service" && scopes.length === 0
      ? "Tick at least one thing that the program may do."
      : undefined;
  }

  function save(event: Event): void {
    event.preventDefault();
    const wrong = whatIsWrong();
    if (wrong !== undefined) return setFault(wrong);
    const change: MemberChange = {
      name: name.trim(),
      ...(showsUntil ? { until: ends ? fromLocalInput(until) : null } : {}),
      ...(role === "guest" ? { terms: termsOf(terms, member.terms?.validity) } : {}),
      ...(role === "service" ? { scopes } : {}),
    };
    void ask(() => home.api.changeMember(member.id, change), () => {
      say(`${name.trim()} was changed`);
      onClose();
      void home.loadMembers();
    });
  }

  return (
    <form class="form" onSubmit={save} noValidate>
      <NameField label="Name" value={name} onValue={setName} />
      {role === "guest" && (
        <>
          <TermsForm ofPerson draft={terms} accessPoints={accessPoints} onChange={setTerms} />
          <Switch
            label={terms.suspended ? "Suspended: opens nothing" : "Suspend for now"}
            on={terms.suspended}
            onChange={(suspended) => setTerms({ ...terms, suspended })}
          />
        </>
      )}
      {role === "service" && <ScopesForm scopes={scopes} accessPoints={accessPoints} onChange={setScopes} />}
      {showsUntil && (
        <UntilForm
          ends={ends}
          until={until}
          onChange={(change) => {
            if (change.ends !== undefined) setEnds(change.ends);
            if (change.until !== undefined) setUntil(change.until);
          }}
        />
      )}
      <p class="hint">A role stays as it is: to give another one, invite anew and end this access.</p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="submit" class="button primary" disabled={asking}>Save</button>
      </div>
    </form>
  );
}

function tomorrow(): number {
  const hour = 3_600_000;
  return Math.ceil(Date.now() / hour) * hour + 24 * hour;
}
