/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import { AddDialog } from "./add_dialog.tsx";
import { Consent, consentTitle } from "./consent.tsx";
import { DamagedDialog, DamagedRow } from "./damaged.tsx";
import { PluginDialog } from "./plugin_dialog.tsx";
import { PluginRow } from "./plugin_row.tsx";
import { pluginState } from "./plugin_words.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { Waiting } from "./waiting.tsx";

/** The plugins of others: those that wait, and those that were let in. */
export function Plugins({ home, model }: { home: Home; model: PluginsModel }): JSX.Element {
  const { status } = useValue(home);
  const { loaded, fault, plugins, damaged, packages } = useValue(model);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<string>();
  const [asked, setAsked] = useState<string>();
  const heading = useRef<HTMLHeadingElement>(null);
  const rows = plugins.length + damaged.length + packages.length;
  const count = useRef(rows);
  useLayoutEffect(() => {
    // The focus may have been on a row that is gone.
    if (rows < count.current && document.activeElement === document.body) heading.current?.focus();
    count.current = rows;
  }, [rows]);
  const plugin = plugins.find(({ id }) => id === shown);
  const broken = damaged.find(({ id }) => id === shown);
  const proposal = packages.find(({ digest }) => digest === asked);

  function close(): void {
    setAdding(false);
    setAsked(undefined);
    void model.load();
  }

  return (
    <section class="card" aria-labelledby="plugin-list">
      <div class="card-head">
        <h2 id="plugin-list" tabIndex={-1} ref={heading}>Plugins of others</h2>
        <button type="button" class="button primary" onClick={() => setAdding(true)}>
          <Icon name="plus" size={20} /> Add
        </button>
      </div>
      {fault !== undefined && <Fault text={fault} />}
      {packages.length > 0 && <Waiting packages={packages} onLook={setAsked} />}
      {plugins.length + damaged.length > 0 && (
        <ul class="card-list">
          {damaged.map((each) => <DamagedRow key={each.id} plugin={each} onShow={() => setShown(each.id)} />)}
          {plugins.map((each) => (
            <PluginRow
              key={each.id}
              plugin={each}
              state={pluginState(each, status)}
              onShow={() => setShown(each.id)}
            />
          ))}
        </ul>
      )}
      {loaded && rows === 0 && (
        <div class="empty">
          <Icon name="plug" size={32} />
          <h3>No plugins of others yet</h3>
          <p>
            What the panel itself can do needs none. A plugin adds what somebody else has made, such as a
            chime.
          </p>
        </div>
      )}
      {adding && <AddDialog model={model} onClose={close} />}
      {proposal && (
        <Dialog title={consentTitle(proposal)} onClose={close}>
          <Consent model={model} proposal={proposal} onDone={close} />
        </Dialog>
      )}
      {broken && (
        <DamagedDialog
          key={broken.id}
          model={model}
          plugin={broken}
          onClose={() => setShown(undefined)}
        />
      )}
      {plugin && (
        <PluginDialog
          key={plugin.id}
          model={model}
          plugin={plugin}
          state={pluginState(plugin, status)}
          onClose={() => setShown(undefined)}
        />
      )}
    </section>
  );
}
