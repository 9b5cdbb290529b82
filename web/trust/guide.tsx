/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../lib/ui/icons.tsx";
import { platformOf, PLATFORMS } from "./platforms.ts";

/** The steps for this device; those for others are one tap away. */
export function Guide(): JSX.Element {
  const [chosen, setChosen] = useState(() => platformOf(navigator));
  const platform = PLATFORMS.find(({ id }) => id === chosen) ?? PLATFORMS[0]!;
  const { file, steps, notes } = platform;
  return (
    <section class="card" aria-labelledby="guide">
      <h2 id="guide">Then tell the device</h2>
      <fieldset class="platforms">
        <legend class="quiet">Which device is it?</legend>
        {PLATFORMS.map(({ id, label }) => (
          <label class="platform" key={id}>
            <input type="radio" name="platform" checked={id === chosen} onChange={() => setChosen(id)} />
            {label}
          </label>
        ))}
      </fieldset>
      <ol class="steps" aria-label={`Steps for ${platform.label}`}>
        <li>
          {/* Without `download`: an iPhone takes a profile only where it comes by itself. */}
          <a class="button primary" href={file.path}>
            <Icon name="download" size={20} /> {file.label}
          </a>
        </li>
        {steps.map((step) => <li key={step}>{step}</li>)}
      </ol>
      <ul class="trust-notes">
        {notes.map((note) => <li key={note} class="hint">{note}</li>)}
      </ul>
      <details>
        <summary>The files</summary>
        <ul class="files">
          {["root.crt", "root.pem", "root.mobileconfig"].map((name) => (
            <li key={name}>
              <a href={`/api/v1/${name}`}>{name}</a>
            </li>
          ))}
        </ul>
        <p class="hint">
          The same certificate, spelled for Windows and Android, for programs, and for Apple’s devices. To
          stop trusting the panel, remove it where you installed it.
        </p>
      </details>
    </section>
  );
}
