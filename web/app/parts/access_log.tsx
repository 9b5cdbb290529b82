import type { JSX } from "preact";
import type { LogRow } from "../../../core/access/model.ts";
import { useValue } from "../../lib/state.ts";
import { logLine, type Names } from "../../lib/words/log.ts";
import type { Home } from "../model/home.ts";
import { LogEntry, type LogItem, LogList } from "./log_list.tsx";

export function AccessLog({ home }: { home: Home }): JSX.Element {
  const { log, moreLog, accessPoints } = useValue(home);
  const names = new Map(accessPoints.map(({ id, name }) => [id, name]));
  return (
    <section class="card" data-in="activity" aria-labelledby="access-log">
      <h2 id="access-log">Access log</h2>
      <LogList
        items={log.map((row) => itemOf(row, names))}
        empty={{ icon: "door", title: "Nothing yet", text: "Who opens and who is refused will stand here." }}
        more={moreLog}
        onMore={() => home.loadMoreLog()}
      />
    </section>
  );
}

/** The newest rows beside the door, on a phone where the log itself is another view. */
export function Latest({ home, onAll }: { home: Home; onAll(): void }): JSX.Element {
  const { log, accessPoints } = useValue(home);
  const names = new Map(accessPoints.map(({ id, name }) => [id, name]));
  return (
    <section class="card latest" data-in="home" aria-labelledby="latest">
      <div class="card-head">
        <h2 id="latest">Latest</h2>
        <button type="button" class="button plain" onClick={onAll}>Show all</button>
      </div>
      {log.length === 0
        ? <p class="soft">Nothing has happened yet.</p>
        : <ul>{log.slice(0, 3).map((row) => <LogEntry key={row.seq} item={itemOf(row, names)} />)}</ul>}
    </section>
  );
}

function itemOf(row: LogRow, names: Names): LogItem {
  return { key: String(row.seq), at: row.at, sure: row.clockTrusted, ...logLine(row, names) };
}
