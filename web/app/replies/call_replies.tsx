/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { IntercomState, Reply } from "../../../plugins/intercom/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { heardText } from "../../lib/words/replies.ts";
import type { Home } from "../model/home.ts";
import { intercomOf } from "../talk/use_talk.ts";
import { RepliesApi } from "./intercom.ts";
import { useShare } from "./use_share.ts";

/** What can be played to whoever is at the door; nothing where there is nothing, or one may not speak. */
export function CallReplies({ home }: { home: Home }): JSX.Element | null {
  const state = intercomOf(useValue(home));
  if (!state || state.replies.length === 0) return null;
  return <Replies home={home} state={state} />;
}

function Replies({ home, state: { talk, replies } }: { home: Home; state: IntercomState }): JSX.Element {
  const api = useMemo(() => new RepliesApi(home), [home]);
  /** The last session that was begun here. */
  const [mine, setMine] = useState<string>();
  const [refused, setRefused] = useState<Reply>();
  const { asking, fault, ask } = useAsk();
  const row = useRef<HTMLDivElement>(null);
  const begun = useMemo(() => Date.now(), [talk?.session]);
  const played = replies.find(({ name }) => name === talk?.reply);
  const share = useShare(played && { begun, ms: played.ms });
  const own = talk !== null && talk.session === mine;

  useEffect(() => {
    // Whoever is heard next was not asked about.
    if (talk === null) setRefused(undefined);
  }, [talk === null]);

  function play(reply: Reply, take: boolean): void {
    if (asking) return;
    void ask(() => api.play(reply.id, take), (session) => {
      setRefused(session === undefined ? reply : undefined);
      if (session !== undefined) setMine(session);
    });
  }

  function takeOver(reply: Reply): void {
    // Before the button that was pressed goes.
    row.current?.querySelectorAll("button")[replies.indexOf(reply)]?.focus();
    setRefused(undefined);
    play(reply, true);
  }

  return (
    <div class="call-replies">
      <div class="reply-row" role="group" aria-label="Quick replies" ref={row}>
        {replies.map((reply) => {
          const on = own && reply === played;
          return (
            <button
              key={reply.id}
              type="button"
              class={on ? "reply-chip is-on" : "reply-chip"}
              onClick={() => on ? void ask(() => api.stop(talk.session), () => {}) : play(reply, false)}
            >
              {on && <span class="reply-share" style={{ width: `${share * 100}%` }} />}
              <Icon name={on ? "recording" : "play"} size={20} />
              <span class="reply-chip-text">
                <span class="quiet">{on ? "Stop:" : "Play:"}</span> {reply.name}
              </span>
            </button>
          );
        })}
      </div>
      <p role="status" class="quiet">
        {own && !refused && `“${talk.reply}” is being played at the door`}
      </p>
      {played && (
        <progress
          class={own || refused ? "quiet" : "reply-progress"}
          max={1}
          value={share}
          aria-label={played.name}
        />
      )}
      {refused && talk && (
        <div class="reply-busy" role="alert">
          <p>{heardText(talk)}.</p>
          <button type="button" class="button" onClick={() => takeOver(refused)}>
            Take over <span class="quiet">with {refused.name}</span>
          </button>
        </div>
      )}
      {fault !== undefined && <Fault text={fault} />}
    </div>
  );
}
