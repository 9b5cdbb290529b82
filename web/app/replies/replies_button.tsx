import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import { intercomOf } from "../talk/use_talk.ts";
import { RepliesDialog } from "./replies_dialog.tsx";

/** Leads an owner to the quick replies; nothing where the panel has no loudspeaker. */
export function RepliesButton({ home }: { home: Home }): JSX.Element | null {
  const data = useValue(home);
  const [open, setOpen] = useState(false);
  const state = intercomOf(data);
  if (!state || !data.may.owner) return null;
  return (
    <>
      <button type="button" class="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="speech" size={20} /> Quick replies
      </button>
      {open && <RepliesDialog home={home} replies={state.replies} onClose={() => setOpen(false)} />}
    </>
  );
}
