import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { clockText, roleText } from "../../lib/words/people.ts";
import type { Home } from "../model/home.ts";
import type { HomeData } from "../model/home_data.ts";

type Invitation = HomeData["invitations"][number];

export interface PendingProps {
  home: Home;
  invitations: Invitation[];
}

/** Invitations that nobody has taken up yet, each with the time it is still good for. */
export function Pending({ home, invitations }: PendingProps): JSX.Element | null {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const open = invitations.filter(({ due }) => due > now);
  if (open.length === 0) return null;
  return (
    <ul class="pending-list" aria-label="Open invitations">
      {open.map((invitation) => (
        <PendingRow key={invitation.id} home={home} invitation={invitation} leftMs={invitation.due - now} />
      ))}
    </ul>
  );
}

function PendingRow(
  { home, invitation, leftMs }: { home: Home; invitation: Invitation; leftMs: number },
): JSX.Element {
  const { asking, ask } = useAsk();
  const { id, name, role, memberId } = invitation;
  const what = memberId === null ? roleText(role) : "another device";

  function withdraw(): void {
    void ask(() => home.api.withdraw(id), () => say(`The invitation of ${name} was withdrawn`, "trash"))
      .finally(() => void home.loadMembers());
  }

  return (
    <li class="pending">
      <Icon name="clock" />
      <p>
        <strong>{name}</strong> ({what}) is invited,{" "}
        <span class="tabular">{clockText(Math.max(0, leftMs))}</span> left
      </p>
      <button
        type="button"
        class="button"
        aria-label={`Withdraw the invitation of ${name}`}
        disabled={asking}
        onClick={withdraw}
      >
        Withdraw
      </button>
    </li>
  );
}
