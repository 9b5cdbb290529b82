import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { DamagedPlugin } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { RemoveDialog } from "./remove_dialog.tsx";

/** A plugin of which nothing is known but its id. */
export function DamagedRow({ plugin, onShow }: { plugin: DamagedPlugin; onShow(): void }): JSX.Element {
  return (
    <li>
      <button type="button" class="card-row plugin-row" aria-haspopup="dialog" onClick={onShow}>
        <span class="own-icon" aria-hidden="true">
          <Icon name="plug" />
        </span>
        <span class="card-row-text">
          <span class="card-row-name">{plugin.id}</span>
          <span class="hint plugin-reason">{plugin.damaged}</span>
        </span>
        <span class="pill pill-bad">Does not run</span>
      </button>
    </li>
  );
}

export interface DamagedDialogProps {
  model: PluginsModel;
  plugin: DamagedPlugin;
  onClose(): void;
}

/** Why it does not run, and the way out. */
export function DamagedDialog({ model, plugin: { id, damaged }, onClose }: DamagedDialogProps): JSX.Element {
  const [removing, setRemoving] = useState(false);
  if (removing) {
    return (
      <RemoveDialog
        model={model}
        id={id}
        title={id}
        onKeep={() => setRemoving(false)}
        onDone={onClose}
      />
    );
  }
  return (
    <Dialog title={id} onClose={onClose}>
      <p class="notice is-bad">
        <Icon name="warning" />
        <span>{damaged}</span>
      </p>
      <div class="dialog-foot">
        <button type="button" class="button warn" onClick={() => setRemoving(true)}>
          <Icon name="trash" size={20} /> Remove
        </button>
        <button type="button" class="button plain" onClick={onClose}>Close</button>
      </div>
    </Dialog>
  );
}
