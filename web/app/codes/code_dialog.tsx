import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Code } from "../../../core/access/model.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { usesText, validityText } from "../../lib/words/terms.ts";
import { momentText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";

export interface CodeDialogProps {
  home: Home;
  code: Code;
  onClose(): void;
}

/** One code: what it may, and to revoke it. The code itself is known to nobody but who was given it. */
export function CodeDialog({ home, code, onClose }: CodeDialogProps): JSX.Element {
  const { accessPoints } = useValue(home);
  const [revoking, setRevoking] = useState(false);
  const { name, form, terms, createdAt, lastUsedAt } = code;
  if (revoking) {
    return (
      <Dialog title={`Revoke the code “${name}”?`} onClose={() => setRevoking(false)}>
        <Revoke
          text="It opens nothing from that moment on. What it did stays in the access log."
          act="Revoke the code"
          work={() => home.api.removeCode(code.id)}
          onKeep={() => setRevoking(false)}
          onDone={() => {
            say(`The code “${name}” was revoked`, "trash");
            onClose();
          }}
        />
      </Dialog>
    );
  }
  const opens = terms.accessPoints.map((id) => accessPoints.find((point) => point.id === id)?.name ?? id);
  const facts = [
    ["Opens", opens.join(", ")],
    ["When", validityText(terms.validity)],
    ["Uses", usesText(terms.usesLeft) ?? "Not limited"],
    ["Kind", form === "pin" ? "Eight digits" : "QR code, more than anyone can guess"],
    ["Made", momentText(createdAt)],
    ["Last used", lastUsedAt === null ? "Never" : momentText(lastUsedAt)],
  ] as const;
  return (
    <Dialog title={name} onClose={onClose}>
      <dl class="facts">
        {facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        The code itself was shown once, when it was made. Lost? Revoke this one and make another.
      </p>
      <div class="dialog-foot">
        <button type="button" class="button warn" onClick={() => setRevoking(true)}>
          <Icon name="trash" size={20} /> Revoke
        </button>
      </div>
    </Dialog>
  );
}
