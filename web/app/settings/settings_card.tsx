/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import { type BuiltIn, builtIn, effectOf } from "./built_in.ts";
import { SettingsApi } from "./settings_api.ts";
import { SettingsForm } from "./settings_form.tsx";

/** What the panel has built in, each with its settings. */
export function SettingsCard({ home }: { home: Home }): JSX.Element {
  const { log, live, status, accessPoints } = useValue(home);
  const api = useMemo(() => new SettingsApi(home.api.client), [home]);
  const [sections, setSections] = useState<ReturnType<typeof builtIn>>();
  const [fault, setFault] = useState<string>();
  const [shown, setShown] = useState<BuiltIn>();
  const [tries, setTries] = useState(0);
  // Whoever changes them, it is in the log.
  const newest = log.find(({ kind }) => kind === "settings")?.seq;
  useEffect(() => {
    let isGone = false;
    Promise.all([api.list(), api.strangers()]).then(([all, strangers]) => {
      if (isGone) return;
      setSections(builtIn(all, strangers));
      setFault(undefined);
    }, (error) => {
      if (!isGone) setFault(messageOf(error));
    });
    return () => void (isGone = true);
  }, [api, newest, live, tries]);
  const stateOf = (id: string) => status?.plugins.find((plugin) => plugin.id === id);

  return (
    <section class="card settings-card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <p class="soft">How the panel’s own parts work. Only owners see this.</p>
      {fault !== undefined && <Fault text={fault} />}
      {sections?.map(({ heading, rows }) => (
        <section key={heading} class="settings-section">
          <h3>{heading}</h3>
          <ul class="card-list">
            {rows.map((row) => {
              const { plugin } = row.settings;
              const state = stateOf(plugin);
              const failed = state?.state === "failed" ? state.reason : undefined;
              return <SettingsRow key={plugin} row={row} failed={failed} onShow={() => setShown(row)} />;
            })}
          </ul>
        </section>
      ))}
      {shown && (
        <Dialog title={`${shown.settings.title}: settings`} onClose={() => setShown(undefined)}>
          <SettingsForm
            api={api}
            settings={shown.settings}
            doors={accessPoints}
            effect={effectOf(shown)}
            back="Cancel"
            onBack={() => setShown(undefined)}
            onTried={() => setTries((tries) => tries + 1)}
          />
        </Dialog>
      )}
    </section>
  );
}

interface SettingsRowProps {
  row: BuiltIn;
  /** Why it does not run; undefined where it does. */
  failed: string | undefined;
  onShow(): void;
}

function SettingsRow({ row: { settings, icon, about }, failed, onShow }: SettingsRowProps): JSX.Element {
  return (
    <li>
      <button type="button" class="card-row settings-row" aria-haspopup="dialog" onClick={onShow}>
        <span class="own-icon" aria-hidden="true">
          <Icon name={icon} />
        </span>
        <span class="card-row-text">
          <span class="card-row-name">{settings.title}</span>
          <span class={failed === undefined ? "hint" : "hint plugin-reason"}>{failed ?? about}</span>
        </span>
        {failed !== undefined && <span class="pill pill-bad">Does not run</span>}
      </button>
    </li>
  );
}
