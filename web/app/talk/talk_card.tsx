import type { JSX } from "preact";
import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { heardText } from "../../lib/words/replies.ts";
import type { Home } from "../model/home.ts";
import { HoldToTalk } from "./hold_to_talk.tsx";
import { Level } from "./level.tsx";
import { Listening } from "./listening.tsx";
import { beginTalk, intercomOf } from "./use_talk.ts";
import { Volume } from "./volume.tsx";

/**
 * Speaking at the panel, where it has a loudspeaker.
 * @param whileOn shown only while this page speaks, in a view where nothing else lets the door be heard
 */
export function TalkCard({ home, whileOn = false }: { home: Home; whileOn?: boolean }): JSX.Element | null {
  const state = intercomOf(useValue(home));
  const { phase } = useValue(home.talk);
  if (!state || (whileOn && phase === "off")) return null;
  return (
    <>
      <Card home={home} state={state} />
      {whileOn && <Listening home={home} />}
    </>
  );
}

function Card({ home, state }: { home: Home; state: IntercomState }): JSX.Element {
  const { talk } = home;
  const { phase, muted, why, busy, microphone } = useValue(talk);
  const half = state.duplex === "half";
  const on = phase === "on";
  const open = on && !muted;
  return (
    <section class={`card talk ${open ? "is-on" : ""}`} data-in="home" aria-labelledby="talk-name">
      <div class="talk-head">
        <span class="talk-mark">
          <Icon name={on && muted ? "microphone-off" : "microphone"} />
        </span>
        <div class="talk-text">
          <h2 id="talk-name">Talk</h2>
          <p class="soft" role="status">{textOf(phase, muted, busy, state)}</p>
        </div>
        <div class="talk-acts">
          {on || phase === "beginning"
            ? (
              <button type="button" class="button warn" onClick={() => talk.stop()}>
                <Icon name="cross" size={20} /> Stop
              </button>
            )
            : busy
            ? <button type="button" class="button" onClick={() => beginTalk(home, true)}>Take over</button>
            : (
              <button type="button" class="button primary" onClick={() => beginTalk(home, false)}>
                <Icon name="microphone" size={20} /> Talk
              </button>
            )}
        </div>
      </div>
      {on && (
        <div class="talk-desk">
          <Level microphone={microphone} open={open} />
          <div class="talk-ways">
            {!half && (
              <button
                type="button"
                class="button"
                aria-pressed={muted}
                onClick={() => void talk.mute(!muted)}
              >
                <Icon name={muted ? "microphone-off" : "microphone"} size={20} />
                {muted ? "Muted" : "Mute"}
              </button>
            )}
            <HoldToTalk talk={talk} held={open} disabled={!half && open} />
          </div>
          <Volume home={home} volume={state.volume} />
          {half && <p class="hint">One side is heard at a time: you don’t hear the door while you speak.</p>}
        </div>
      )}
      {(why || state.fault) && <Fault text={why || state.fault} />}
    </section>
  );
}

function textOf(phase: string, muted: boolean, busy: boolean, { talk }: IntercomState): string {
  if (phase === "beginning") return "One moment …";
  if (phase === "on") return muted ? "The door does not hear you" : "The door hears you";
  if (!talk) return busy ? "Somebody is speaking at the door" : "Nobody is speaking at the door";
  return heardText(talk);
}
