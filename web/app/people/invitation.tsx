/// <reference lib="dom" />
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Invitation } from "../../../core/members/keys.ts";
import { useValue } from "../../lib/state.ts";
import { useTimeLeft } from "../../lib/ui/countdown.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Qr } from "../../lib/ui/qr.tsx";
import { Share } from "../../lib/ui/share.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { clockText } from "../../lib/words/people.ts";
import type { Home } from "../model/home.ts";

export interface InvitationViewProps {
  home: Home;
  invitation: Invitation;
  /** Whom it is for. */
  name: string;
  /** For a program: it takes the code itself. */
  forService?: boolean;
  onAgain(): void;
  onClose(): void;
}

/** An invitation to scan or to send, until it is taken up, withdrawn or over. */
export function InvitationView(props: InvitationViewProps): JSX.Element {
  const { home, invitation, name, forService = false, onAgain, onClose } = props;
  const { invitations, members, identity } = useValue(home);
  const left = useTimeLeft(invitation.remainingMs, 1_000);
  const listed = useRef(false);
  const devices = members.filter((member) => member.name === name).flatMap((member) => member.devices);
  const before = useRef(new Set(devices.map(({ id }) => id)));
  const { asking, fault, ask } = useAsk();
  const open = invitations.some(({ id }) => id === invitation.id);
  listed.current ||= open;
  const joined = open ? undefined : devices.find(({ id }) => !before.current.has(id));
  if (joined) {
    return <Outcome icon="check" word={`${name} is in`} note={`With: ${joined.name}`} onClose={onClose} />;
  }
  if (left === 0 || (listed.current && !open)) {
    return (
      <Outcome
        icon="clock"
        word="This invitation is over"
        note={left === 0
          ? "Nobody took it up within ten minutes."
          : "It was withdrawn, or the panel was restarted."}
        onAgain={onAgain}
        onClose={onClose}
      />
    );
  }
  const link = `${location.origin}/#join=${invitation.code}`;
  return (
    <div class="invitation">
      <Qr text={link} label={`QR code of the link, an invitation of ${name}`} />
      <p class="invitation-left" role="timer">
        Good for one device, for <strong class="tabular">{clockText(left)}</strong>
      </p>
      <Share label="Link" text={link} title={`Invitation to ${identity?.name ?? "the door"}`} />
      <p class="hint">
        {forService
          ? "The program sends what follows #join= with a key of its own: POST /api/v1/join, as the API’s document says."
          : "Whoever joins with it first has this access: let it be scanned, or send it to nobody else."}
        {isLoopback() &&
          " This page is open on the panel’s own machine, so the link works on this machine only."}
      </p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button
          type="button"
          class="button warn"
          disabled={asking}
          onClick={() =>
            void ask(() => home.api.withdraw(invitation.id), onClose).finally(() => void home.loadMembers())}
        >
          Withdraw
        </button>
        <button type="button" class="button primary" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

interface OutcomeProps {
  icon: "check" | "clock";
  word: string;
  note: string;
  onAgain?: () => void;
  onClose(): void;
}

function Outcome({ icon, word, note, onAgain, onClose }: OutcomeProps): JSX.Element {
  const done = useRef<HTMLButtonElement>(null);
  const said = useId();
  // What had the focus is gone.
  useLayoutEffect(() => done.current?.focus(), []);
  return (
    <div class="badge-step">
      <span class={`badge-end ${icon === "check" ? "is-good" : ""}`}>
        <Icon name={icon} size={56} />
      </span>
      <div class="badge-said" id={said}>
        <p class="badge-word">{word}</p>
        <p class="soft">{note}</p>
      </div>
      <div class="dialog-foot">
        {onAgain && <button type="button" class="button" onClick={onAgain}>Make a new one</button>}
        <button type="button" class="button primary" ref={done} aria-describedby={said} onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}

function isLoopback(): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
}
