import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { checkCode, type CodeView, type Identity, releaseByCode } from "../../lib/api/open.ts";
import { useNow } from "../../lib/ui/now.ts";
import { Threshold } from "../../lib/ui/threshold.tsx";
import { cardState, usesText, validityText } from "../../lib/words/terms.ts";
import { ReleaseButton } from "../parts/release_button.tsx";

export interface CodeDoorProps {
  identity: Identity | undefined;
  text: string;
  view: CodeView;
  onView(view: CodeView): void;
}

/** What a code opens, to whoever has it. */
export function CodeDoor({ identity, text, view, onView }: CodeDoorProps): JSX.Element {
  const now = useNow(10_000);
  // Whoever has just opened for the last time sees that it worked.
  const [opened, setOpened] = useState(false);
  const { name, terms, accessPoints } = view;
  const { tone, word } = cardState(terms, now);
  const uses = usesText(terms.usesLeft);

  async function release(id: string, requestId: string) {
    const answer = await releaseByCode(text, id, requestId);
    setOpened(true);
    // How often it may be used yet; where that can't be asked, the next release says it.
    if (terms.usesLeft !== null) checkCode(text).then(onView, () => {});
    return answer;
  }

  return (
    <Threshold icon="code" name={identity?.name} heading={name}>
      <p class="soft" role="status">
        {validityText(terms.validity)}
        {uses === undefined ? "" : ` · ${uses}`}
        {tone === "good" || terms.usesLeft === 0 ? "" : ` · ${word}`}
      </p>
      {(tone === "good" || opened) && accessPoints.length > 0
        ? (
          <div class="code-door">
            {accessPoints.map((point) => (
              <ReleaseButton
                key={point.id}
                point={point}
                release={(requestId) => release(point.id, requestId)}
              />
            ))}
          </div>
        )
        : <p class="hint">It opens nothing now. Ask who gave it to you.</p>}
    </Threshold>
  );
}
