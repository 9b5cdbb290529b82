/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Call } from "../../../core/calls/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { answeredText } from "../../lib/words/calls.ts";
import { durationText, timeText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { talkInCall } from "../talk/use_talk.ts";
import { CallReplies } from "../replies/call_replies.tsx";

/** Whoever rings, now. */
export function CallCard({ home }: { home: Home }): JSX.Element {
  const { call, status } = useValue(home);
  const ringing = call?.state === "ringing";
  useEffect(() => {
    if (!ringing) return;
    const before = document.title;
    document.title = "Someone is at the door";
    return () => void (document.title = before);
  }, [ringing]);
  return (
    <section class="call-place" aria-label="Call">
      <p class="quiet" role="alert">{ringing ? `Someone is at ${status?.name ?? "the door"}` : ""}</p>
      {call && <CurrentCall key={call.id} home={home} call={call} />}
    </section>
  );
}

function CurrentCall({ home, call }: { home: Home; call: Call }): JSX.Element {
  const now = useNow(1_000);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  const ringing = call.state === "ringing";

  async function act(action: "answer" | "reject" | "end"): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      home.heardCall(await home.api.callAction(call.id, action));
      if (action === "answer") talkInCall(home, call.id);
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setAsking(false);
    }
  }

  return (
    <div class={`call ${ringing ? "is-ringing" : ""}`}>
      <span class="call-bell">
        <Icon name={ringing ? "bell" : "phone"} size={32} />
      </span>
      <div class="call-text">
        <h2>{ringing ? "Someone is at the door" : answeredText(call)}</h2>
        <p class="soft">
          {ringing
            ? `Rang at ${timeText(call.startedAt)}`
            : `For ${durationText(Math.max(0, now - (call.answeredAt ?? now)))}`}
        </p>
      </div>
      <div class="call-acts">
        {ringing
          ? (
            <>
              <button type="button" class="button warn" disabled={asking} onClick={() => void act("reject")}>
                <Icon name="hang-up" size={20} /> Decline
              </button>
              <button
                type="button"
                class="button primary"
                disabled={asking}
                onClick={() => void act("answer")}
              >
                <Icon name="phone" size={20} /> Answer
              </button>
            </>
          )
          : (
            <button type="button" class="button warn" disabled={asking} onClick={() => void act("end")}>
              <Icon name="hang-up" size={20} /> End
            </button>
          )}
      </div>
      {fault !== undefined && <Fault text={fault} />}
      <CallReplies home={home} />
    </div>
  );
}
