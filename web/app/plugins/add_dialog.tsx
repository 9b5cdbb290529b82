/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { FileDrop } from "../../lib/ui/file_drop.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { Consent, consentTitle } from "./consent.tsx";
import type { Proposal } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";

export interface AddDialogProps {
  model: PluginsModel;
  onClose(): void;
}

/** Brings a file, then asks about what is in it. */
export function AddDialog({ model, onClose }: AddDialogProps): JSX.Element {
  const [proposal, setProposal] = useState<Proposal>();
  return (
    <Dialog title={proposal ? consentTitle(proposal) : "Add a plugin"} onClose={onClose}>
      {proposal
        ? <Consent model={model} proposal={proposal} onDone={onClose} />
        : <ChooseFile model={model} onBrought={setProposal} />}
    </Dialog>
  );
}

function ChooseFile(
  { model, onBrought }: { model: PluginsModel; onBrought(proposal: Proposal): void },
): JSX.Element {
  const { asking, fault, ask } = useAsk();
  return (
    <>
      <p class="soft">
        A plugin is a file that ends in{" "}
        <code>.tgz</code>. Choose it, and the panel shows what it wants. Nothing of it runs before you agree.
      </p>
      <FileDrop
        text={asking ? "Looking into it …" : "Choose a file, or drop it here"}
        hint="At most 8 MiB"
        label="The plugin’s file"
        accept=".tgz,.tar.gz,application/gzip"
        disabled={asking}
        first
        onFile={(file) => void ask(() => model.api.bring(file), onBrought)}
      />
      {fault !== undefined && <Fault text={fault} />}
      <p class="hint">
        At the panel’s machine, <code>deno task plugin:add</code>{" "}
        takes a folder, such a file, or a package of npm by name and version. It then waits here.
      </p>
    </>
  );
}
