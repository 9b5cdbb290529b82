import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Call } from "../../../core/calls/keys.ts";
import type { Clip } from "../../../plugins/recorder/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { momentText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { CallImage } from "./call_picture.tsx";
import { ClipDialog } from "./clip_dialog.tsx";
import { Shelf } from "./shelf.ts";

export interface CallDialogProps {
  home: Home;
  call: Call;
  onClose(): void;
}

const NOTHING = "no recording of it is on the card that is in";

/** What was recorded of a call; who rang, where nothing was. */
export function CallDialog({ home, call, onClose }: CallDialogProps): JSX.Element | null {
  const shelf = useMemo(() => new Shelf(home.api.client), [home]);
  const { recordings } = useValue(home);
  const [found, setFound] = useState<Clip | string>();
  useEffect(() => {
    shelf.ofCall(call.id).then((clip) => setFound(clip ?? NOTHING), (error) => setFound(messageOf(error)));
  }, [shelf, call.id, recordings]);
  if (found === undefined) return null;
  if (typeof found !== "string") {
    return <ClipDialog home={home} shelf={shelf} clip={found} onClose={onClose} />;
  }
  return (
    <Dialog title="Who rang" onClose={onClose}>
      <CallImage home={home} call={call.id} look="call-image" />
      <p class="hint">{momentText(call.startedAt)} · {found}</p>
    </Dialog>
  );
}
