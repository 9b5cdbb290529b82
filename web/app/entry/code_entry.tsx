import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { checkCode, type CodeView, type Identity } from "../../lib/api/open.ts";
import { asRefusal } from "../../lib/api/problem.ts";
import { useTimeLeft } from "../../lib/ui/countdown.tsx";
import { Field } from "../../lib/ui/fields.tsx";
import { Threshold } from "../../lib/ui/threshold.tsx";
import { clockText } from "../../lib/words/people.ts";
import { CodeDoor } from "./code_door.tsx";

export interface CodeEntryProps {
  identity: Identity | undefined;
  /** The code that came with the address; empty where it is to be typed. */
  text: string;
  onBack(): void;
}

/** For someone with a code and no account: type it, see what it opens, open. */
export function CodeEntry({ identity, text: given, onBack }: CodeEntryProps): JSX.Element {
  const [text, setText] = useState(given);
  const [view, setView] = useState<CodeView>();
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  const [waitMs, setWaitMs] = useState(0);

  async function check(): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      setView(await checkCode(text.trim()));
    } catch (error) {
      const { code, message, retryAfter } = asRefusal(error);
      setFault(code === "code-wrong" ? "The panel does not know this code. Look at it again." : message);
      if (retryAfter !== undefined) setWaitMs(retryAfter * 1_000);
    } finally {
      setAsking(false);
    }
  }

  useEffect(() => {
    if (given !== "") void check();
  }, []);

  if (view) return <CodeDoor identity={identity} text={text.trim()} view={view} onView={setView} />;
  if (waitMs > 0) {
    return (
      <Wait
        key={waitMs}
        identity={identity}
        ms={waitMs}
        onOver={() => {
          setFault(undefined);
          setWaitMs(0);
        }}
      />
    );
  }
  return (
    <Threshold icon="code" name={identity?.name} heading="Enter your code">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === "") setFault("Type the code you were given.");
          else void check();
        }}
        noValidate
      >
        <Field label="Code" hint="Eight digits. Spaces do not matter." fault={fault}>
          {(control) => (
            <input
              {...control}
              class="input input-code"
              inputMode="numeric"
              autocomplete="one-time-code"
              spellcheck={false}
              maxLength={64}
              placeholder="1234 5678"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary" disabled={asking}>
          {asking ? "One moment …" : "See what it opens"}
        </button>
        <button type="button" class="button plain" onClick={onBack}>Back</button>
      </form>
    </Threshold>
  );
}

/** After too many wrong ones. Only whoever entered them waits. */
function Wait(
  { identity, ms, onOver }: { identity: Identity | undefined; ms: number; onOver(): void },
): JSX.Element {
  const left = useTimeLeft(ms);
  useEffect(() => {
    if (left === 0) onOver();
  }, [left === 0]);
  return (
    <Threshold icon="clock" name={identity?.name} heading="Too many wrong codes">
      <p class="soft">
        From here, five were wrong or more. Each further one makes the wait longer; nobody else waits, and
        cards and buttons open as ever.
      </p>
      <p class="wait-clock" role="timer" aria-label={`${Math.ceil(left / 1_000)} seconds left`}>
        {clockText(left)}
      </p>
      <p class="hint">Meanwhile look at the code again, or ask for another one.</p>
    </Threshold>
  );
}
