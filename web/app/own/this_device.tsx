import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { forgetDevice } from "../../lib/api/device.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { roleText, seenRole } from "../../lib/words/people.ts";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";

/** Who this device is here, and the way to leave. */
export function ThisDevice({ home }: { home: Home }): JSX.Element | null {
  const { me } = useValue(home);
  const [leaving, setLeaving] = useState(false);
  if (!me) return null;
  const { member, deviceName } = me;
  return (
    <section class="card" aria-labelledby="this-device">
      <h2 id="this-device">This device</h2>
      <div class="own">
        <span class="own-icon">
          <Icon name="device" />
        </span>
        <div>
          <p class="card-row-name">{deviceName}</p>
          <p class="hint">{member.name} · {roleText(member.role)}</p>
        </div>
      </div>
      <p class="soft">{seenRole(member.role)}</p>
      <button type="button" class="button warn" onClick={() => setLeaving(true)}>
        <Icon name="leave" size={20} /> Sign this device out
      </button>
      {leaving && (
        <Dialog title="Sign this device out?" onClose={() => setLeaving(false)}>
          <Revoke
            text={`${deviceName} opens nothing any more and forgets its key. To come back takes a new invitation.`}
            act="Sign it out"
            work={() => home.api.leave()}
            onKeep={() => setLeaving(false)}
            onDone={() => {
              // The panel ends the stream; at once here, so that nothing of the house stays in sight.
              void forgetDevice().then(() => location.reload());
            }}
          />
        </Dialog>
      )}
    </section>
  );
}
