import type { JSX } from "preact";
import { Icon } from "../../lib/ui/icons.tsx";

/** Of a camera that compresses its picture itself. @param when it is encoded anew, as a sentence begins */
export function EncodeNotice({ when }: { when: string }): JSX.Element {
  return (
    <p class="notice">
      <Icon name="warning" />
      <span>
        This camera compresses its picture itself. {when}{" "}
        the panel does it anew, which keeps its processor busy.
      </span>
    </p>
  );
}
