/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import { InviteDialog } from "./invite_dialog.tsx";
import { MemberDialog } from "./member_dialog.tsx";
import { MemberRow } from "./member_row.tsx";
import { Pending } from "./pending.tsx";

/** Owners first, then those who live here, then the rest. */
const ORDER = ["owner", "family", "guest", "monitor", "service"];

/** Who has access, with which devices, and how far it goes. */
export function People({ home }: { home: Home }): JSX.Element {
  const { members, invitations } = useValue(home);
  const [shown, setShown] = useState<string>();
  const [inviting, setInviting] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const count = useRef(members.length);
  useLayoutEffect(() => {
    // The focus may have been on the row of a member that is gone.
    if (members.length < count.current && document.activeElement === document.body) heading.current?.focus();
    count.current = members.length;
  }, [members.length]);
  const member = members.find(({ id }) => id === shown);
  const sorted = members.toSorted((a, b) =>
    ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.name.localeCompare(b.name)
  );
  return (
    <section class="card" aria-labelledby="people-list">
      <div class="card-head">
        <h2 id="people-list" tabIndex={-1} ref={heading}>People</h2>
        <button type="button" class="button primary" onClick={() => setInviting(true)}>
          <Icon name="plus" size={20} /> Invite
        </button>
      </div>
      {invitations.length > 0 && <Pending home={home} invitations={invitations} />}
      <ul class="card-list">
        {sorted.map((each) => (
          <MemberRow
            key={each.id}
            home={home}
            member={each}
            onShow={() => setShown(each.id)}
          />
        ))}
      </ul>
      {members.length === 1 && (
        <p class="soft">
          Nobody else yet. Invite those who live with you, and a guest for as long as the stay lasts. A second
          owner, or another device of yours, keeps you from being locked out where this one is lost.
        </p>
      )}
      {member && (
        <MemberDialog
          key={member.id}
          home={home}
          member={member}
          onClose={() => setShown(undefined)}
        />
      )}
      {inviting && <InviteDialog home={home} onClose={() => setInviting(false)} />}
    </section>
  );
}
