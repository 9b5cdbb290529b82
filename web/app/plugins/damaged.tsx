import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { DamagedPlugin } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { Row } from "./plugin_row.tsx";
import { RemoveDialog } from "./remove_dialog.tsx";

/** A plugin of which nothing is known but its id. */
export function DamagedRow({ plugin, onShow }: { plugin: DamagedPlugin; onShow(): void }): JSX.Element {
  return <Row name={plugin.id} reason={plugin.damaged} tone="bad" word="Does not run" onShow={onShow} />;
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
