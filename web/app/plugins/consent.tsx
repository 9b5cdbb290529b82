import type { JSX } from "preact";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { Proposal } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { Signed, WantsList } from "./wants_list.tsx";

export interface ConsentProps {
  model: PluginsModel;
  proposal: Proposal;
  onDone(): void;
}

/** The dialog's heading while it is asked. */
export function consentTitle({ title, version, change }: Proposal): string {
  return change === "new" ? `Let ${title} in?` : `Change ${title} to ${version}?`;
}

/** What a package wants, before any of its code runs. */
export function Consent({ model, proposal, onDone }: ConsentProps): JSX.Element {
  const { digest, title, version, change, origin, signed, signer, wants, more, warnings, installed } =
    proposal;
  const { asking, fault, ask } = useAsk();
  const isNew = change === "new";

  function letIn(): void {
    void ask(() => model.api.letIn(digest), () => {
      say(isNew ? `${title} was let in` : `${title} is ${version} now`, "plug");
      onDone();
    });
  }

  function sendAway(): void {
    void ask(() => model.api.sendAway(digest), () => {
      say(`${title} ${version} was sent away`, "trash");
      onDone();
    });
  }

  return (
    <div class="consent">
      <p class="soft">
        {title} {version} comes from the package <strong>{origin.package}</strong>
        {origin.from === "npm" && " of npm"}.{installed !== null && ` Installed is ${installed}.`}
      </p>
      <Signed text={signed} known={(signer?.name ?? null) !== null} />
      {warnings.map((warning) => (
        <p class="notice is-bad" key={warning}>
          <Icon name="alarm" />
          <span>{warning}.</span>
        </p>
      ))}
      {isNew
        ? (
          <section class="consent-part" aria-labelledby="wants-all">
            <h3 id="wants-all">It wants this</h3>
            <WantsList phrases={wants} />
          </section>
        )
        : (
          <>
            <section class="consent-part" aria-labelledby="wants-new">
              <h3 id="wants-new">{more.length > 0 ? "New in this version" : "It wants nothing new"}</h3>
              {more.length > 0 && <WantsList phrases={more} />}
            </section>
            <details class="consent-rest">
              <summary>All that it may then</summary>
              <WantsList phrases={wants} />
            </details>
          </>
        )}
      <p class="hint">
        It runs in a process of its own, and the panel gives it nothing that is not on this list.
        {!isNew && " Until you agree, the version that is installed runs on. Its settings are kept."}
      </p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" disabled={asking} onClick={sendAway}>Send it away</button>
        <button type="button" class="button primary" disabled={asking} onClick={letIn}>
          {asking ? "One moment …" : isNew ? "Let it in" : "Change it"}
        </button>
      </div>
    </div>
  );
}
