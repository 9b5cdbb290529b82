import type { JSX } from "preact";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { Revoke } from "../people/revoke.tsx";
import type { PluginsModel } from "./plugins_model.ts";

export interface RemoveDialogProps {
  model: PluginsModel;
  id: string;
  title: string;
  onKeep(): void;
  onDone(): void;
}

/** Asks once more before all of a plugin is gone. */
export function RemoveDialog({ model, id, title, onKeep, onDone }: RemoveDialogProps): JSX.Element {
  return (
    <Dialog title={`Remove ${title}?`} onClose={onKeep}>
      <Revoke
        text={`${title} is stopped. Its files, its settings and all that it has kept are deleted; what it did stays in the log.`}
        act="Remove it"
        work={() => model.api.remove(id)}
        onKeep={onKeep}
        onDone={() => {
          say(`${title} was removed`, "trash");
          onDone();
          void model.load();
        }}
      />
    </Dialog>
  );
}
