import type { JSX } from "preact";
import type { Identity } from "../../lib/api/open.ts";
import { Threshold } from "../../lib/ui/threshold.tsx";

export interface WelcomeProps {
  identity: Identity | undefined;
  /** Whose device it is; empty where the panel could not be asked. */
  memberName: string;
  onGo(): void;
}

/** A device that has access already opens an invitation: it is not used up by mistake. */
export function Welcome({ identity, memberName, onGo }: WelcomeProps): JSX.Element {
  return (
    <Threshold icon="check" name={identity?.name} heading="This device has access already">
      <p class="soft">
        {memberName === "" ? "It was paired before." : `It is one of ${memberName}’s devices.`}{" "}
        The invitation was not used: it is still good for another device. To take it up with this one, sign
        this device out first.
      </p>
      <button type="button" class="button primary" onClick={onGo}>Go on</button>
    </Threshold>
  );
}
