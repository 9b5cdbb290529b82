import type { JSX } from "preact";
import type { ApiError } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Threshold } from "../../lib/ui/threshold.tsx";
import { Toasts } from "../../lib/ui/toast.tsx";
import type { Home } from "../model/home.ts";

/** What the panel says to a device that it knows and does not let in. */
export function Ended({ home, error }: { home: Home; error: ApiError }): JSX.Element {
  const { identity } = useValue(home);
  const over = error.code === "access-expired";
  return (
    <Threshold
      icon={over ? "clock" : "warning"}
      name={identity?.name}
      heading={over ? "Your access has ended" : "Not now"}
    >
      <p class="soft">{error.message}.</p>
      <p class="soft">
        {over
          ? "As soon as an owner gives you more time, this page opens by itself. A new invitation works too: open its link on this device."
          : "This page goes on by itself as soon as the panel lets it."}
      </p>
      <button type="button" class="button" onClick={() => void home.load()}>Ask again</button>
      <Toasts />
    </Threshold>
  );
}
