import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { limitsOf, memberState, roleText, seenText } from "../../lib/words/people.ts";
import type { SeenMember } from "../model/api.ts";
import type { Home } from "../model/home.ts";
import { Initial } from "../parts/initial.tsx";

/** Devices shown in a row; the others are counted. */
const MOST_DEVICES = 3;

export interface MemberRowProps {
  home: Home;
  member: SeenMember;
  onShow(): void;
}

export function MemberRow({ home, member, onShow }: MemberRowProps): JSX.Element {
  const { accessPoints, me } = useValue(home);
  const now = useNow(15_000);
  const limits = limitsOf(member, new Map(accessPoints.map(({ id, name }) => [id, name])));
  const { tone, word } = memberState(member, now);
  const more = member.devices.length - MOST_DEVICES;
  return (
    <li>
      <button type="button" class="card-row member-row" aria-haspopup="dialog" onClick={onShow}>
        <Initial name={member.name} />
        <span class="card-row-text">
          <span class="card-row-name">
            {member.name} {member.id === me?.member.id && <span class="digits">· you</span>}
          </span>
          {limits.map((limit) => <span class="hint" key={limit}>{limit}</span>)}
        </span>
        <span class={`pill pill-${tone}`}>{word ?? roleText(member.role)}</span>
        <span class="device-list">
          {member.devices.slice(0, MOST_DEVICES).map((device) => (
            <span class="device-line" key={device.id}>
              <Icon name="device" size={20} />
              <span>
                {device.name} <span class="hint">{seenText(device.lastSeenAt, now)}</span>
              </span>
            </span>
          ))}
          {more > 0 && <span class="hint">and {more} more</span>}
          {member.devices.length === 0 && (
            <span class="hint">No device: none was paired, or all were revoked</span>
          )}
        </span>
      </button>
    </li>
  );
}
