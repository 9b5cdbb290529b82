import { useEffect } from "preact/hooks";
import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import type { HomeData } from "../model/home_data.ts";

/** The intercom, where the panel has one and who uses this page may speak there. */
export function intercomOf({ parts, may }: HomeData): IntercomState | undefined {
  if (!may.talks) return undefined;
  return parts.find(({ id }) => id === "intercom")?.state as IntercomState | undefined;
}

/** Ends what is said from this page where the panel has ended it, the call is over, or the page goes. */
export function useTalk(home: Home): void {
  const data = useValue(home);
  const state = intercomOf(data);
  const { talk } = home;
  useEffect(() => {
    if (state) talk.heard(state);
  }, [talk, state]);
  useEffect(() => talk.callIs(data.call?.id), [talk, data.call?.id]);
  useEffect(() => () => talk.stop(), [talk]);
}

/**
 * Speaks at the panel, where it has a loudspeaker; in a call until that is over.
 * @param takes whether whoever is heard gives way
 */
export function beginTalk(home: Home, takes: boolean): void {
  const { call } = home.value;
  const state = intercomOf(home.value);
  if (!state) return;
  const inCall = call?.state === "answered" ? { call: call.id } : {};
  void home.talk.start({ takes, muted: state.duplex === "half", ...inCall });
}

/** Who has answered a call speaks at once. */
export function talkInCall(home: Home, id: string): void {
  const { call } = home.value;
  // Who rang may have been sent away while the answer came.
  if (call?.id === id && call.state === "answered") beginTalk(home, false);
}
