import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Fault, NameField } from "../../lib/ui/fields.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

/** To who became the owner by a link alone: the names there was no time to give. It may be left as it is. */
export function Introduction({ home }: { home: Home }): JSX.Element | null {
  const { me } = useValue(home);
  const [done, setDone] = useState(false);
  const [name, setName] = useState(me?.member.name ?? "");
  const [device, setDevice] = useState(me?.deviceName ?? "");
  const { asking, fault, setFault, ask } = useAsk();
  if (!me || done) return null;
  const { member, deviceId } = me;

  function save(event: Event): void {
    event.preventDefault();
    const given = { name: name.trim(), device: device.trim() };
    if (given.name === "" || given.device === "") {
      return setFault("Give both a name, or leave them as they are.");
    }
    void ask(async () => {
      if (given.name !== member.name) await home.api.changeMember(member.id, { name: given.name });
      if (given.device !== me?.deviceName) {
        await home.api.renameDevice({ id: deviceId, memberId: member.id }, given.device);
      }
      await home.loadMembers();
    }, () => {
      setDone(true);
      say(`Welcome, ${given.name}`, "home");
    });
  }

  return (
    <section class="card introduction" data-in="home" aria-labelledby="introduction">
      <h2 id="introduction">This panel is yours now</h2>
      <p class="soft">What shall the log and the others call you and this device?</p>
      <form class="form" onSubmit={save} noValidate>
        <div class="pair">
          <NameField label="Your name" autocomplete="given-name" value={name} onValue={setName} />
          <NameField label="This device" value={device} onValue={setDevice} />
        </div>
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          <button type="button" class="button plain" onClick={() => setDone(true)}>Leave it so</button>
          <button type="submit" class="button primary" disabled={asking}>Save</button>
        </div>
      </form>
    </section>
  );
}
