import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { readingsOf } from "../../lib/words/readings.ts";
import type { Home } from "../model/home.ts";

/** What the home's sensors say, of whatever plugin they are; nothing where there are none. */
export function Readings({ home }: { home: Home }): JSX.Element | null {
  const readings = readingsOf(useValue(home).parts);
  if (readings.length === 0) return null;
  return (
    <section class="card readings" data-in="home" aria-labelledby="readings">
      <h2 id="readings">At a glance</h2>
      <dl>
        {readings.map(({ id, label, text, wrong }) => (
          <div key={id} class={`reading ${wrong ? "is-wrong" : ""}`}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
