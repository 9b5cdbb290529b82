import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Call } from "../../../core/calls/keys.ts";
import { useValue } from "../../lib/state.ts";
import type { IconName } from "../../lib/ui/icons.tsx";
import { callLine } from "../../lib/words/calls.ts";
import type { Home } from "../model/home.ts";
import { CallDialog } from "../recordings/call_dialog.tsx";
import { CallPicture, useSnapshots } from "../recordings/call_picture.tsx";
import { RepliesButton } from "../replies/replies_button.tsx";
import { LogList } from "./log_list.tsx";

export function CallLog({ home }: { home: Home }): JSX.Element {
  const { calls, moreCalls, accessPoints } = useValue(home);
  const pictures = useSnapshots(home);
  const [opened, setOpened] = useState<Call>();
  const names = new Map(accessPoints.map(({ id, name }) => [id, name]));
  return (
    <section class="card" data-in="activity" aria-labelledby="call-log">
      <div class="card-head">
        <h2 id="call-log">Calls</h2>
        <RepliesButton home={home} />
      </div>
      <LogList
        items={calls.map((call) => ({
          key: call.id,
          at: call.startedAt,
          icon: iconOf(call),
          ...(pictures && {
            picture: (
              <CallPicture
                home={home}
                call={call.id}
                icon={iconOf(call)}
                pictured={pictures.has(call.id)}
                onOpen={() => setOpened(call)}
              />
            ),
          }),
          ...callLine(call, names),
        }))}
        empty={{
          icon: "bell",
          title: "Nobody has rung yet",
          text: "Every ring is kept here, answered or missed.",
        }}
        more={moreCalls}
        onMore={() => home.loadMoreCalls()}
      />
      {opened && <CallDialog home={home} call={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function iconOf({ outcome, state }: Call): IconName {
  if (outcome === "answered" || state === "answered") return "phone";
  return outcome === "rejected" ? "hang-up" : "bell";
}
