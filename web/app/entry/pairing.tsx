import type { JSX } from "preact";
import type { Identity } from "../../lib/api/open.ts";
import { CountDown } from "../../lib/ui/countdown.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Threshold } from "../../lib/ui/threshold.tsx";

export interface PairingProps {
  identity: Identity | undefined;
  /** How long somebody has to press the button inside, ms; undefined while the panel was only asked. */
  waitMs: number | undefined;
  onCancel(): void;
}

/** While the panel makes up its mind, and while it waits for somebody at the button inside. */
export function Pairing({ identity, waitMs, onCancel }: PairingProps): JSX.Element {
  if (waitMs === undefined) {
    return (
      <Threshold icon="key" name={identity?.name} heading="One moment …">
        <p class="soft">This device makes its key and shows it to the panel.</p>
      </Threshold>
    );
  }
  return (
    <Threshold icon="key" name={identity?.name} heading="Now press the button inside">
      <CountDown ms={waitMs}>
        <Icon name="press" size={40} />
      </CountDown>
      <p class="soft">
        The panel’s own button, inside the house: pressing it shows that you are really there. One short press
        is enough; this page goes on by itself.
      </p>
      <button type="button" class="button plain" onClick={onCancel}>Cancel</button>
    </Threshold>
  );
}
