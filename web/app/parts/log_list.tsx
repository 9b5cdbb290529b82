import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { dayText, momentText, timeText } from "../../lib/words/times.ts";

export interface LogItem {
  key: string;
  at: number;
  icon: IconName;
  tone: "good" | "bad" | "plain";
  text: string;
  note?: string | undefined;
  /** What is shown in place of the icon. */
  picture?: ComponentChildren;
  /** Whether the panel was sure of the time. */
  sure?: boolean;
}

export interface LogListProps {
  items: LogItem[];
  /** What it says where there is nothing. */
  empty: { icon: IconName; title: string; text: string };
  more: boolean;
  onMore(): Promise<void>;
}

/** A log by days, newest first. */
export function LogList({ items, empty, more, onMore }: LogListProps): JSX.Element {
  const now = useNow(60_000);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  if (items.length === 0) {
    return (
      <div class="empty">
        <Icon name={empty.icon} size={32} />
        <h3>{empty.title}</h3>
        <p class="soft">{empty.text}</p>
      </div>
    );
  }

  async function ask(): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      await onMore();
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setAsking(false);
    }
  }

  const days = new Map<string, LogItem[]>();
  for (const item of items) {
    const day = dayText(item.at, now);
    days.set(day, [...days.get(day) ?? [], item]);
  }
  return (
    <div class="log">
      {[...days].map(([day, entries]) => (
        <div key={day}>
          <h3 class="log-day">{day}</h3>
          <ul>{entries.map((item) => <LogEntry key={item.key} item={item} />)}</ul>
        </div>
      ))}
      {fault !== undefined && <Fault text={fault} />}
      {more && (
        <button type="button" class="button plain" disabled={asking} onClick={() => void ask()}>
          Show older
        </button>
      )}
    </div>
  );
}

export function LogEntry({ item }: { item: LogItem }): JSX.Element {
  const { at, icon, tone, text, note, picture, sure = true } = item;
  return (
    <li class={`log-row tone-${tone}`}>
      {picture ?? (
        <span class="log-icon">
          <Icon name={icon} size={20} />
        </span>
      )}
      <div class="log-text">
        <p>{text}</p>
        {note !== undefined && <p class="hint">{note}</p>}
        {!sure && <p class="hint">The panel was not sure of the time then.</p>}
      </div>
      <time dateTime={new Date(at).toISOString()} title={momentText(at)}>{timeText(at)}</time>
    </li>
  );
}
