import type { JSX } from "preact";
import { Fault } from "../../lib/ui/fields.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";

export interface RevokeProps {
  /** What it means. */
  text: string;
  /** What the button says. */
  act: string;
  work(): Promise<void>;
  onKeep(): void;
  onDone(): void;
}

/** Asks once more before access ends. The focus begins where nothing happens. */
export function Revoke({ text, act, work, onKeep, onDone }: RevokeProps): JSX.Element {
  const { asking, fault, ask } = useAsk();
  return (
    <>
      <p>{text}</p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" data-first onClick={onKeep}>Keep it</button>
        <button type="button" class="button danger" disabled={asking} onClick={() => void ask(work, onDone)}>
          {act}
        </button>
      </div>
    </>
  );
}
