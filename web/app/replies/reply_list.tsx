/// <reference lib="dom" />
import type { JSX } from "preact";
import type { Reply } from "../../../plugins/intercom/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { clockText } from "../../lib/words/replies.ts";
import type { RepliesApi } from "./intercom.ts";
import { MOST } from "./limits.ts";
import type { Player } from "./player.ts";
import { useShare } from "./use_share.ts";

export interface ReplyListProps {
  api: RepliesApi;
  player: Player;
  replies: readonly Reply[];
  onAdd(): void;
  onDelete(reply: Reply): void;
}

/** What can be played at the door. */
export function ReplyList({ api, player, replies, onAdd, onDelete }: ReplyListProps): JSX.Element {
  const { heard } = useValue(player);
  const done = useShare(heard);
  const { fault, ask } = useAsk();
  const full = replies.length >= MOST;

  function hear({ id }: Reply): void {
    if (heard?.key === id) return player.stop();
    void ask(async () => player.play(id, await player.decode(await api.sound(id))), () => {});
  }

  return (
    <>
      <p class="soft">
        Sentences of your own, played at the door with one press while somebody rings or a call is on.
      </p>
      {replies.length === 0
        ? (
          <div class="empty">
            <Icon name="speech" size={32} />
            <h3>No quick replies yet</h3>
            <p class="soft">“Please leave it at the door”, for one.</p>
          </div>
        )
        : (
          <ul class="replies">
            {replies.map((reply) => {
              const on = heard?.key === reply.id;
              return (
                <li key={reply.id} class="reply">
                  <button
                    type="button"
                    class="button icon-only"
                    aria-label={`${on ? "Stop" : "Hear"} ${reply.name}`}
                    onClick={() => hear(reply)}
                  >
                    <Icon name={on ? "recording" : "play"} size={22} />
                  </button>
                  <span class="reply-text">
                    <span class="reply-name">{reply.name}</span>
                    {on
                      ? <progress class="reply-progress" max={1} value={done} aria-label={reply.name} />
                      : <span class="hint">{clockText(reply.ms)}</span>}
                  </span>
                  <button
                    type="button"
                    class="button icon-only plain"
                    aria-label={`Delete ${reply.name}`}
                    onClick={() => onDelete(reply)}
                  >
                    <Icon name="trash" size={20} />
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      {fault !== undefined && <Fault text={fault} />}
      {full && <p class="hint">There are {MOST}, which is the most. Delete one to add another.</p>}
      <div class="dialog-foot">
        <button type="button" class="button primary" disabled={full} onClick={onAdd}>
          <Icon name="plus" size={20} /> Add one
        </button>
      </div>
    </>
  );
}
