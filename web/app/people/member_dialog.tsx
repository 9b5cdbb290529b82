import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Invitation } from "../../../core/members/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { possessive } from "../../lib/words/log.ts";
import type { SeenDevice, SeenMember } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { DeviceForm } from "./device_form.tsx";
import { EditMember } from "./edit_member.tsx";
import { InvitationView } from "./invitation.tsx";
import { MemberFacts } from "./member_facts.tsx";
import { Revoke } from "./revoke.tsx";

export interface MemberDialogProps {
  home: Home;
  member: SeenMember;
  onClose(): void;
}

type View =
  | { name: "facts" }
  | { name: "edit" }
  | { name: "revoke" }
  | { name: "device"; device: SeenDevice }
  | { name: "revoke-device"; device: SeenDevice }
  | { name: "invitation"; invitation: Invitation };

/** One member: how far the access goes, the devices, and to change or end any of it. */
export function MemberDialog({ home, member, onClose }: MemberDialogProps): JSX.Element {
  const { me } = useValue(home);
  const [view, setView] = useState<View>({ name: "facts" });
  const back = () => setView({ name: "facts" });
  const own = member.id === me?.member.id;

  switch (view.name) {
    case "edit":
      return (
        <Dialog title={`Change ${member.name}`} onClose={back}>
          <EditMember home={home} member={member} onClose={back} />
        </Dialog>
      );
    case "revoke":
      return (
        <Dialog title={own ? "End your own access?" : `End the access of ${member.name}?`} onClose={back}>
          <Revoke
            text={`${own ? "All your devices, this one too, are" : devicesText(member)} shut out at once. ` +
              `What ${
                own ? "you" : "they"
              } did stays in the access log. To come back takes a new invitation.`}
            act="End the access"
            work={() => home.api.removeMember(member.id)}
            onKeep={back}
            onDone={() => {
              say(`${member.name} has no access any more`, "trash");
              onClose();
              void home.loadMembers();
            }}
          />
        </Dialog>
      );
    case "device":
      return (
        <Dialog title="Rename the device" onClose={back}>
          <DeviceForm home={home} device={view.device} onClose={back} />
        </Dialog>
      );
    case "revoke-device": {
      const { device } = view;
      const here = device.id === me?.deviceId;
      return (
        <Dialog title={here ? "Shut out this very device?" : `Shut out ${device.name}?`} onClose={back}>
          <Revoke
            text={`${here ? "You are using it now. It" : `${possessive(member.name)} ${device.name}`} ` +
              "opens nothing from that moment on, also where it is signed in. Other devices stay."}
            act="Shut it out"
            work={() => home.api.removeDevice(device)}
            onKeep={back}
            onDone={() => {
              say(`${device.name} was shut out`, "trash");
              back();
              void home.loadMembers();
            }}
          />
        </Dialog>
      );
    }
    case "invitation": {
      const again = () =>
        void home.api.inviteDevice(member.id).then((invitation) =>
          setView({ name: "invitation", invitation })
        );
      return (
        <Dialog title={`Another device of ${member.name}`} onClose={back}>
          <InvitationView
            key={view.invitation.id}
            home={home}
            invitation={view.invitation}
            name={member.name}
            forService={member.role === "service"}
            onAgain={again}
            onClose={back}
          />
        </Dialog>
      );
    }
    case "facts":
      return (
        <Dialog title={member.name} onClose={onClose}>
          <MemberFacts
            home={home}
            member={member}
            onEdit={() => setView({ name: "edit" })}
            onRevoke={() => setView({ name: "revoke" })}
            onRename={(device) => setView({ name: "device", device })}
            onRevokeDevice={(device) => setView({ name: "revoke-device", device })}
            onInvitation={(invitation) => setView({ name: "invitation", invitation })}
          />
        </Dialog>
      );
  }
}

function devicesText({ name, devices }: SeenMember): string {
  if (devices.length === 0) return `${name} is`;
  if (devices.length === 1) return `${name}, with ${devices[0]?.name ?? "one device"}, is`;
  return `${name}, with all ${devices.length} devices, is`;
}
