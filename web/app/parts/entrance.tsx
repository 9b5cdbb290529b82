import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";
import { type Concern, concerns } from "../model/wellbeing.ts";
import { ReleaseButton } from "./release_button.tsx";

/** A name of more letters than this is set smaller. */
const LONG = 22;

/** The door itself: how it is, and what opens it. */
export function Entrance({ home }: { home: Home }): JSX.Element {
  const data = useValue(home);
  const { status, accessPoints, parts, may } = data;
  const found = concerns(data);
  const contact = parts.find(({ id }) => id === "door-contact");
  const open = contact?.state["open"] === true;
  return (
    <section class="entrance" data-in="home" aria-labelledby="entrance-name">
      <div class="leaf">
        <div class="leaf-head">
          <div>
            <h2 id="entrance-name" class={(status?.name.length ?? 0) > LONG ? "is-long" : ""}>
              {status?.name}
            </h2>
            <p class="leaf-state" role="status">
              {found.length === 0 ? "All is well" : found[0]?.text}
            </p>
          </div>
          {contact && (
            <p class={`contact ${open ? "is-open" : ""}`}>
              <Icon name={open ? "door-open" : "door"} size={20} />
              {open ? "Open" : "Closed"}
            </p>
          )}
        </div>
        {accessPoints.length === 0
          ? <p class="leaf-state">There is nothing to release: no lock and no gate is set up.</p>
          : (
            <div class="panels">
              {accessPoints.map((point) => (
                <ReleaseButton
                  key={point.id}
                  point={point}
                  release={(requestId) => home.api.release(point.id, requestId)}
                />
              ))}
            </div>
          )}
        {may.releasesWatching && accessPoints.length > 0 && (
          <p class="leaf-state">This monitor releases while it shows the live picture.</p>
        )}
      </div>
      {found.length > 0 && (
        <ul class="concerns" aria-label="What needs attention">
          {found.map((concern) => <ConcernItem key={concern.id} home={home} concern={concern} />)}
        </ul>
      )}
    </section>
  );
}

function ConcernItem({ home, concern }: { home: Home; concern: Concern }): JSX.Element {
  const { may } = useValue(home);
  const [asking, setAsking] = useState(false);

  async function confirmTime(): Promise<void> {
    setAsking(true);
    try {
      await home.api.confirmClock();
      await home.load();
      say("The time is confirmed");
    } catch (error) {
      say(messageOf(error), "warning");
    } finally {
      setAsking(false);
    }
  }

  return (
    <li class="concern">
      <Icon name={concern.icon} />
      <div>
        <h3>{concern.text}</h3>
        <p class="soft">{concern.note}</p>
        {concern.id === "clock" && may.owner && (
          <button
            type="button"
            class="button plain"
            disabled={asking}
            onClick={() => void confirmTime()}
          >
            The time is right
          </button>
        )}
      </div>
    </li>
  );
}
