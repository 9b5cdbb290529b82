import { useEffect, useRef } from "preact/hooks";
import type { IntercomState } from "../../../plugins/intercom/keys.ts";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import type { HomeData } from "../model/home_data.ts";

/** The intercom, where the panel has one and who uses this page may speak there. */
export function intercomOf({ parts, may }: HomeData): IntercomState | undefined {
  if (!may.talks) return undefined;
  return parts.find(({ id }) => id === "intercom")?.state as IntercomState | undefined;
}

/** Ends what is said from this page where the panel has ended it, or the page goes. */
export function useTalk(home: Home): void {
  const state = intercomOf(useValue(home));
  const { talk } = home;
  useEffect(() => {
    if (state) talk.heard(state);
  }, [talk, state]);
  useEffect(() => () => talk.stop(), [talk]);
}

/**
 * Who answers a call from this page speaks at once, where the panel has a loudspeaker, until the call is over.
 * @returns to be told that the call was answered from here
 */
export function useTalkInCall(home: Home): () => void {
  const { talk } = home;
  const begun = useRef(false);
  const over = useRef(false);
  useEffect(() => () => {
    over.current = true;
    if (begun.current) talk.stop();
  }, [talk]);
  return () => {
    const state = intercomOf(home.value);
    // Who rang may have been sent away while the answer came.
    if (over.current || !state || talk.value.phase !== "off") return;
    begun.current = true;
    void talk.start({ takes: false, muted: state.duplex === "half" });
  };
}
