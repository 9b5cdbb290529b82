/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon, type IconName } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";

const BASE = "/plugins/recorder";

/** Which calls have a picture; undefined where nothing is recorded. */
export function useSnapshots(home: Home): ReadonlySet<string> | undefined {
  const { parts, recordings } = useValue(home);
  const [calls, setCalls] = useState<ReadonlySet<string>>(new Set());
  const records = parts.some(({ id }) => id === "recorder");
  useEffect(() => {
    if (!records) return;
    // Without them the log is as good as it was.
    home.api.client.get<string[]>(`${BASE}/snapshots`).then((ids) => setCalls(new Set(ids)), () => {});
  }, [home, records, recordings]);
  return records ? calls : undefined;
}

export interface CallPictureProps {
  home: Home;
  call: string;
  /** What is shown where there is no picture. */
  icon: IconName;
  pictured: boolean;
  onOpen(): void;
}

/** Who rang, small; leads to what was recorded then. */
export function CallPicture({ home, call, icon, pictured, onOpen }: CallPictureProps): JSX.Element {
  return (
    <button type="button" class="log-open" aria-label="Who rang: see the recording" onClick={onOpen}>
      {pictured ? <CallImage home={home} call={call} look="log-picture" /> : (
        <span class="log-icon">
          <Icon name={icon} size={20} />
        </span>
      )}
    </button>
  );
}

/** Who rang; nothing where it is encrypted and locked. */
export function CallImage({ home, call, look }: { home: Home; call: string; look: string }): JSX.Element {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let gone = false;
    const path = `/api/v1${BASE}/calls/${call}/snapshot`;
    home.api.client.post<{ url: string }>("/links", { path }).then(
      ({ url }) => gone || setUrl(url),
      () => {},
    );
    return () => void (gone = true);
  }, [home, call]);
  return url === undefined
    ? <span class={look} />
    : <img class={look} src={url} alt="Who rang" onError={() => setUrl(undefined)} />;
}
