/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { asRefusal } from "../../lib/api/problem.ts";
import { Fault, Field } from "../../lib/ui/fields.tsx";
import { fileTitle, type ReplyFaults, replyFaults, TOO_LARGE } from "../../lib/words/replies.ts";
import type { RepliesApi } from "./intercom.ts";
import { LARGEST_BYTES, LONGEST_NAME } from "./limits.ts";
import type { Player } from "./player.ts";
import { SoundField } from "./sound_field.tsx";
import { type Take, takeOf } from "./take.ts";

export interface NewReplyProps {
  api: RepliesApi;
  player: Player;
  onCancel(): void;
  onSaved(name: string): void;
}

/** A sound and what it is called. */
export function NewReply({ api, player, onCancel, onSaved }: NewReplyProps): JSX.Element {
  const [name, setName] = useState("");
  const [take, setTake] = useState<Take>();
  const [faults, setFaults] = useState<ReplyFaults>({});
  const [saving, setSaving] = useState(false);
  const nameInput = useRef<HTMLInputElement>(null);

  async function recorded(blob: Blob): Promise<void> {
    setFaults(blob.size === 0 ? { sound: "Nothing was recorded. Try it again." } : {});
    if (blob.size > 0) setTake(await takeOf(blob, player));
  }

  async function bring(file: File): Promise<void> {
    setFaults({});
    if (file.size > LARGEST_BYTES) return setFaults({ sound: TOO_LARGE });
    if (name === "") setName(fileTitle(file.name, LONGEST_NAME));
    setTake(await takeOf(file, player));
  }

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (saving) return;
    const wrong: ReplyFaults = {
      ...(take ? {} : { sound: "Record something, or choose a file." }),
      ...(name.trim() === "" ? { name: "Give it a name." } : {}),
    };
    setFaults(wrong);
    if (wrong.name !== undefined && take) nameInput.current?.focus();
    if (!take || wrong.name !== undefined) return;
    setSaving(true);
    player.stop();
    try {
      await api.add(name.trim(), take.blob);
      onSaved(name.trim());
    } catch (error) {
      const refused = replyFaults(asRefusal(error));
      setFaults(refused);
      if (refused.name !== undefined) nameInput.current?.focus();
      setSaving(false);
    }
  }

  return (
    <form class="form" onSubmit={(event) => void save(event)} noValidate>
      <SoundField
        player={player}
        take={take}
        fault={faults.sound}
        onRecorded={recorded}
        onFile={(file) => void bring(file)}
        onDrop={() => {
          player.stop();
          setFaults({});
          setTake(undefined);
        }}
      />
      <Field label="Name" hint="As it stands on its button" fault={faults.name}>
        {(control) => (
          <input
            {...control}
            ref={nameInput}
            class="input"
            maxLength={LONGEST_NAME}
            autocomplete="off"
            placeholder="Please leave it at the door"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      {faults.other !== undefined && <Fault text={faults.other} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onCancel}>Cancel</button>
        <button type="submit" class="button primary" aria-disabled={saving}>
          {saving ? "Saving …" : "Save"}
        </button>
      </div>
    </form>
  );
}
