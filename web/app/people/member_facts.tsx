import type { JSX } from "preact";
import type { Invitation } from "../../../core/members/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { limitsOf, ROLES, roleText, seenText } from "../../lib/words/people.ts";
import { momentText } from "../../lib/words/times.ts";
import type { SeenDevice, SeenMember } from "../model/api.ts";
import type { Home } from "../model/home.ts";

export interface MemberFactsProps {
  home: Home;
  member: SeenMember;
  onEdit(): void;
  onRevoke(): void;
  onRename(device: SeenDevice): void;
  onRevokeDevice(device: SeenDevice): void;
  onInvitation(invitation: Invitation): void;
}

export function MemberFacts(props: MemberFactsProps): JSX.Element {
  const { home, member, onEdit, onRevoke, onInvitation } = props;
  const { accessPoints, members } = useValue(home);
  const { asking, fault, ask } = useAsk();
  const lastOwner = member.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
  const limits = limitsOf(member, new Map(accessPoints.map(({ id, name }) => [id, name])));

  function invite(): void {
    void ask(() => home.api.inviteDevice(member.id), (invitation) => {
      onInvitation(invitation);
      void home.loadMembers();
    });
  }

  return (
    <>
      <dl class="facts">
        <div>
          <dt>Role</dt>
          <dd>
            {roleText(member.role)}
            <span class="hint fact-note">{ROLES.find(({ role }) => role === member.role)?.hint}</span>
          </dd>
        </div>
        {limits.length > 0 && (
          <div>
            <dt>Limits</dt>
            <dd>{limits.map((limit) => <span class="fact-line" key={limit}>{limit}</span>)}</dd>
          </div>
        )}
        <div>
          <dt>Since</dt>
          <dd>{momentText(member.createdAt)}</dd>
        </div>
      </dl>
      <section class="devices" aria-labelledby="devices">
        <div class="card-head">
          <h3 id="devices">Devices</h3>
          <button type="button" class="button plain" disabled={asking} onClick={invite}>
            <Icon name="plus" size={20} /> Another device
          </button>
        </div>
        <ul>
          {member.devices.map((device) => (
            <DeviceRow
              key={device.id}
              {...props}
              device={device}
              isLast={lastOwner && member.devices.length === 1}
            />
          ))}
        </ul>
      </section>
      {fault !== undefined && <Fault text={fault} />}
      {lastOwner && (
        <p class="notice">
          <Icon name="warning" />
          <span>
            The last owner can’t be removed, nor the last device: nobody could invite anyone any more. Make
            somebody else an owner first.
          </span>
        </p>
      )}
      <div class="dialog-foot">
        {!lastOwner && (
          <button type="button" class="button warn" onClick={onRevoke}>
            <Icon name="trash" size={20} /> End the access
          </button>
        )}
        <button type="button" class="button" onClick={onEdit}>
          <Icon name="pencil" size={20} /> Change
        </button>
      </div>
    </>
  );
}

function DeviceRow(
  { home, device, isLast, onRename, onRevokeDevice }: MemberFactsProps & {
    device: SeenDevice;
    isLast: boolean;
  },
): JSX.Element {
  const { me } = useValue(home);
  const now = useNow(15_000);
  return (
    <li class="device-row">
      <span class="log-icon">
        <Icon name="device" size={20} />
      </span>
      <div class="log-text">
        <p>{device.name}{device.id === me?.deviceId ? " · this device" : ""}</p>
        <p class="hint">
          {seenText(device.lastSeenAt, now)} · paired {momentText(device.createdAt)}
          {device.proof === "bearer" ? " · plain token" : ""}
        </p>
      </div>
      <div class="device-acts">
        <button
          type="button"
          class="button icon-only plain"
          aria-label={`Rename ${device.name}`}
          onClick={() => onRename(device)}
        >
          <Icon name="pencil" size={20} />
        </button>
        {!isLast && (
          <button
            type="button"
            class="button icon-only plain"
            aria-label={`Shut out ${device.name}`}
            onClick={() => onRevokeDevice(device)}
          >
            <Icon name="trash" size={20} />
          </button>
        )}
      </div>
    </li>
  );
}
