import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { say } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

export interface PendingProps {
  home: Home;
  enrolment: Enrolment;
  onShow(enrolment: Enrolment): void;
}

/** An enrolment that another device began, or this one before it was reloaded: meanwhile no card opens anything. */
export function Pending({ home, enrolment, onShow }: PendingProps): JSX.Element {
  const [asking, setAsking] = useState(false);

  async function show(): Promise<void> {
    setAsking(true);
    try {
      const now = await home.api.enrolment();
      home.set({ enrolment: now });
      if (now?.state === "waiting") onShow(now);
    } catch (error) {
      say(messageOf(error), "warning");
    } finally {
      setAsking(false);
    }
  }

  return (
    <div class="pending" role="status">
      <p>
        <strong>A card for {enrolment.holderName} is being added.</strong> Until then no card opens anything.
      </p>
      <button type="button" class="button" disabled={asking} onClick={() => void show()}>Show</button>
    </div>
  );
}
