import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";

/** Before the first answer: the shape of what comes, or why it does not. */
export function Loading({ home }: { home: Home }): JSX.Element {
  const { fault } = useValue(home);
  if (fault === undefined) {
    return (
      <div class="loading" role="status">
        <span class="quiet">Asking the panel …</span>
        <div class="ghost ghost-door" />
        <div class="ghost" />
        <div class="ghost" />
      </div>
    );
  }
  return (
    <div class="empty empty-page" role="alert">
      <Icon name="offline" size={40} />
      <h2>No answer from the panel</h2>
      <p class="soft">{fault}</p>
      <button type="button" class="button primary" onClick={() => void home.load()}>Try again</button>
    </div>
  );
}
