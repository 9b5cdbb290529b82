/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Reply } from "../../../plugins/intercom/keys.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";
import { RepliesApi } from "./intercom.ts";
import { NewReply } from "./new_reply.tsx";
import { Player } from "./player.ts";
import { ReplyList } from "./reply_list.tsx";

export interface RepliesDialogProps {
  home: Home;
  replies: readonly Reply[];
  onClose(): void;
}

/** Quick replies: hears, adds and deletes them. */
export function RepliesDialog({ home, replies, onClose }: RepliesDialogProps): JSX.Element {
  const api = useMemo(() => new RepliesApi(home), [home]);
  const player = useMemo(() => new Player(), []);
  const [step, setStep] = useState<"list" | "new" | Reply>("list");
  const [said, setSaid] = useState("");
  useEffect(() => () => player.close(), [player]);

  function go(next: typeof step, said = ""): void {
    player.stop();
    setSaid(said);
    setStep(next);
  }

  return (
    <Dialog title={titleOf(step)} onClose={() => step === "list" ? onClose() : go("list")}>
      {step === "list" && (
        <ReplyList
          api={api}
          player={player}
          replies={replies}
          onAdd={() => go("new")}
          onDelete={(reply) => go(reply)}
        />
      )}
      {step === "new" && (
        <NewReply
          api={api}
          player={player}
          onCancel={() => go("list")}
          onSaved={(name) => go("list", `“${name}” was added`)}
        />
      )}
      {typeof step === "object" && (
        <Revoke
          text="It can’t be played any more, by nobody."
          act="Delete it"
          work={() => api.delete(step.id)}
          onKeep={() => go("list")}
          onDone={() => go("list", `“${step.name}” was deleted`)}
        />
      )}
      <p class="quiet" role="status">{said}</p>
    </Dialog>
  );
}

function titleOf(step: "list" | "new" | Reply): string {
  if (typeof step === "object") return `Delete “${step.name}”?`;
  return step === "new" ? "New quick reply" : "Quick replies";
}
