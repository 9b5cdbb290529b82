/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AccessPointState } from "../../../core/access/keys.ts";
import type { ReleaseAnswer } from "../../../core/access/model.ts";
import { ApiError, messageOf } from "../../lib/api/problem.ts";
import { freshId } from "../../lib/fresh_id.ts";
import { Icon } from "../../lib/ui/icons.tsx";

/** How long an answer stays in sight, ms. */
const ANSWER_MS = 4_000;

type Phase =
  | { kind: "idle" }
  | { kind: "asking" }
  | { kind: "opened"; pulseMs: number; text: string }
  | { kind: "told"; text: string }
  | { kind: "refused"; text: string };

export interface ReleaseButtonProps {
  point: AccessPointState;
  /** Sent again with the same id, it opens nothing twice. */
  release(requestId: string): Promise<ReleaseAnswer>;
}

/** One thing that opens, big enough for a hurried thumb. */
export function ReleaseButton({ point, release: ask }: ReleaseButtonProps): JSX.Element {
  const [phase, setPhase] = useState<Phase>({ kind: "idle" });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function show(next: Phase): void {
    clearTimeout(timer.current);
    setPhase(next);
    const pulse = next.kind === "opened" ? next.pulseMs : 0;
    if (next.kind !== "asking") {
      timer.current = setTimeout(() => setPhase({ kind: "idle" }), pulse + ANSWER_MS);
    }
  }

  async function release(): Promise<void> {
    if (phase.kind === "asking") return;
    show({ kind: "asking" });
    try {
      const { outcome } = await askTwice(ask);
      if (outcome === "already-released") show({ kind: "told", text: "It is released already" });
      else show({ kind: "opened", pulseMs: point.pulseMs, text: "Released – come in" });
    } catch (error) {
      show({ kind: "refused", text: messageOf(error) });
    }
  }

  const lit = phase.kind === "opened" || point.released;
  const resting = point.released ? "Released" : "Tap to release";
  const said = "text" in phase ? phase.text : "";
  return (
    <div class="panel-place">
      <button
        type="button"
        class={`panel-button ${lit ? "is-lit" : ""} ${phase.kind === "refused" ? "is-refused" : ""}`}
        data-point={point.id}
        onClick={() => void release()}
      >
        <span class="panel-icon">
          <Icon name={iconOf(point.id, lit)} size={34} />
          {phase.kind === "opened" && <PulseRing ms={phase.pulseMs} />}
        </span>
        <span class="panel-text">
          <span class="panel-name">
            <span class="quiet">Release</span> {point.name}
          </span>
          <span class="panel-said">{said || (phase.kind === "asking" ? "One moment …" : resting)}</span>
        </span>
      </button>
      <p class="quiet" role="status">{said && `${point.name}: ${said}`}</p>
    </div>
  );
}

/** Runs once round in the time of the pulse. */
function PulseRing({ ms }: { ms: number }): JSX.Element {
  return (
    <svg
      class="pulse-ring"
      viewBox="0 0 72 72"
      aria-hidden="true"
      style={{ "--pulse": `${Math.max(ms, 500)}ms` }}
    >
      <circle cx="36" cy="36" r="33" pathLength="1" />
    </svg>
  );
}

/** The same id the second time: where only the answer was lost, nothing moves twice. */
async function askTwice(ask: ReleaseButtonProps["release"]): Promise<ReleaseAnswer> {
  const requestId = freshId();
  try {
    return await ask(requestId);
  } catch (error) {
    if (error instanceof ApiError && error.status === 0) return await ask(requestId);
    throw error;
  }
}

function iconOf(id: string, lit: boolean): "gate" | "lock" | "unlock" {
  if (id === "gate") return "gate";
  return lit ? "unlock" : "lock";
}
