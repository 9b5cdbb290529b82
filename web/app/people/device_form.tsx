import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Field } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { SeenDevice } from "../model/api.ts";
import type { Home } from "../model/home.ts";

export interface DeviceFormProps {
  home: Home;
  device: SeenDevice;
  onClose(): void;
}

export function DeviceForm({ home, device, onClose }: DeviceFormProps): JSX.Element {
  const [name, setName] = useState(device.name);
  const { asking, fault, setFault, ask } = useAsk();

  function save(event: Event): void {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === "") return setFault("Give it a name.");
    void ask(() => home.api.renameDevice(device, wanted), () => {
      say(`The device is now called ${wanted}`);
      onClose();
      void home.loadMembers();
    });
  }

  return (
    <form class="form" onSubmit={save} noValidate>
      <Field label="What is it called?" fault={fault}>
        {(control) => (
          <input
            {...control}
            class="input"
            data-first
            maxLength={60}
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="submit" class="button primary" disabled={asking}>Save</button>
      </div>
    </form>
  );
}
