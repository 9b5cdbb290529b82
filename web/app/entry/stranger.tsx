import type { JSX } from "preact";
import type { Identity } from "../../lib/api/open.ts";
import type { PairingLink } from "../../lib/api/pairing.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { Threshold } from "../../lib/ui/threshold.tsx";
import { LinkForm } from "./link_form.tsx";

export interface StrangerProps {
  identity: Identity | undefined;
  /** Whether the panel has known this device once. */
  revoked: boolean;
  /** Why this browser can't be paired. */
  fault: string | undefined;
  onLink(link: PairingLink): void;
  onCode(): void;
}

/** Whoever comes without a credential: how to get one, or how to do without. */
export function Stranger({ identity, revoked, fault, onLink, onCode }: StrangerProps): JSX.Element {
  if (identity?.claimed === false) return <Unclaimed identity={identity} fault={fault} onLink={onLink} />;
  return (
    <Threshold
      icon={revoked ? "denied" : "key"}
      name={identity?.name}
      heading={revoked ? "This device has no access any more" : "Welcome to your door"}
    >
      <p class="soft">
        {revoked
          ? "Somebody of the household has ended it, or it was signed out. An owner can invite it anew."
          : "This device is not known here yet. An owner can invite you: scan the QR code they show with this device, or paste their link."}
      </p>
      {fault !== undefined && <Unusable fault={fault} />}
      <LinkForm label="Invitation link" onLink={onLink} />
      <div class="ways">
        <button type="button" class="way" onClick={onCode}>
          <Icon name="code" />
          <span class="way-name">I have a code</span>
          <span class="hint">Opens without an account</span>
        </button>
        {identity?.fingerprint && (
          <a class="way" href="/trust">
            <Icon name="shield" />
            <span class="way-name">My browser warns of this panel</span>
            <span class="hint">Make this device trust it</span>
          </a>
        )}
      </div>
      <details>
        <summary>No device has access any more</summary>
        <p class="soft">
          Hold the button inside for ten seconds, or start the panel once with{" "}
          <code>--reclaim</code>: it shows a new link. Cards and the log stay.
        </p>
      </details>
    </Threshold>
  );
}

/** Before anybody owns it. */
function Unclaimed(
  { identity, fault, onLink }: Pick<StrangerProps, "fault" | "onLink"> & { identity: Identity },
): JSX.Element {
  return (
    <Threshold icon="home" name={identity.name} heading="This panel has no owner yet">
      <p class="soft">
        At its start it shows a QR code and a link, where only those at the panel can see them. Scan that code
        with this device, or paste the link: whoever opens it and is at the panel becomes the owner.
      </p>
      {fault !== undefined && <Unusable fault={fault} />}
      <LinkForm label="Link" kind="claim" onLink={onLink} />
      <p class="hint">Until then the panel answers nothing else, and nothing opens from here.</p>
    </Threshold>
  );
}

function Unusable({ fault }: { fault: string }): JSX.Element {
  return (
    <p class="notice is-bad" role="alert">
      <Icon name="warning" />
      <span>This browser can’t keep a key ({fault}). Leave its private mode, or use another one.</span>
    </p>
  );
}
