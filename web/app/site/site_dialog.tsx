import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SiteView } from "../../../plugins/site-sync/keys.ts";
import { useTimeLeft } from "../../lib/ui/countdown.tsx";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Choice, Fault, Field } from "../../lib/ui/fields.tsx";
import { Share } from "../../lib/ui/share.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { clockText } from "../../lib/words/people.ts";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";

export type SiteAct =
  | { kind: "invite" }
  | { kind: "join" }
  | { kind: "remove"; id: string; name: string }
  | { kind: "leave"; role: SiteView["role"] };

export interface SiteDialogProps {
  home: Home;
  act: SiteAct;
  onClose(): void;
}

export function SiteDialog({ home, act, onClose }: SiteDialogProps): JSX.Element {
  switch (act.kind) {
    case "invite":
      return (
        <Dialog title="Let a panel join" onClose={onClose}>
          <Invite home={home} onClose={onClose} />
        </Dialog>
      );
    case "join":
      return (
        <Dialog title="Join another panel" onClose={onClose}>
          <Join home={home} onClose={onClose} />
        </Dialog>
      );
    case "remove":
      return (
        <Dialog title={`Remove ${act.name}?`} onClose={onClose}>
          <Remove home={home} id={act.id} name={act.name} onClose={onClose} />
        </Dialog>
      );
    case "leave":
      return (
        <Dialog title="Share cards no longer?" onClose={onClose}>
          <Revoke
            text={act.role === "keeper"
              ? "The other panels keep their cards, and nothing that is changed at one is told to another any more. To share again, each has to join anew."
              : "The cards of this panel stay as they are; what is changed elsewhere is not told to it any more."}
            act="Share no longer"
            work={() => home.api.leaveSite()}
            onKeep={onClose}
            onDone={onClose}
          />
        </Dialog>
      );
  }
}

function Invite({ home, onClose }: { home: Home; onClose(): void }): JSX.Element {
  const [invitation, setInvitation] = useState<{ code: string; remainingMs: number }>();
  const { fault, ask } = useAsk();
  useEffect(() => void ask(() => home.api.inviteToSite(), setInvitation), [home]);
  return (
    <div class="form">
      <p>On the page of the other panel choose “Join another panel”, and enter this code.</p>
      {invitation && <Code {...invitation} />}
      <p class="hint">Whoever has the code can let a panel of their own join: give it to nobody else.</p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button primary" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

function Code({ code, remainingMs }: { code: string; remainingMs: number }): JSX.Element {
  const left = useTimeLeft(remainingMs, 1_000);
  return (
    <>
      <Share label="Code" text={code} title="Code for a panel to join with" />
      <p class="invitation-left" role="timer">
        {left === 0 ? "The code is no longer good." : (
          <>
            Good for one panel, for <strong class="tabular">{clockText(left)}</strong>
          </>
        )}
      </p>
    </>
  );
}

function Join({ home, onClose }: { home: Home; onClose(): void }): JSX.Element {
  const [code, setCode] = useState("");
  const [discard, setDiscard] = useState(false);
  const { asking, fault, ask } = useAsk();
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void ask(() => home.api.joinSite(code.trim(), discard), onClose);
      }}
    >
      <Field label="Code" hint="As the page of the other panel shows it, under “Let a panel join”.">
        {(control) => (
          <input
            {...control}
            class="input"
            autocomplete="off"
            spellcheck={false}
            maxLength={200}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        )}
      </Field>
      <Choice
        kind="checkbox"
        name="discard"
        label="Delete the cards of this panel"
        hint="A panel that has cards can’t join: the others would not know them. Theirs take their place."
        checked={discard}
        onChange={setDiscard}
      />
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="submit" class="button primary" disabled={asking}>Join</button>
      </div>
    </form>
  );
}

function Remove(
  { home, id, name, onClose }: { home: Home; id: string; name: string; onClose(): void },
): JSX.Element {
  const [suspend, setSuspend] = useState(false);
  return (
    <div class="form">
      <Choice
        kind="checkbox"
        name="suspend"
        label="It was stolen"
        hint={`Cards that ${name} was the last to add or change are suspended.`}
        checked={suspend}
        onChange={setSuspend}
      />
      <Revoke
        text={`${name} learns nothing new any more, and nothing that it says counts. It keeps the cards that it has.`}
        act="Remove it"
        work={() => home.api.removePanel(id, suspend)}
        onKeep={onClose}
        onDone={onClose}
      />
    </div>
  );
}
