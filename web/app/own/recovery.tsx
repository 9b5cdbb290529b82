import type { JSX } from "preact";

/** What to do when nobody of the owners has a device any more. */
export function Recovery(): JSX.Element {
  return (
    <section class="card" aria-labelledby="recovery">
      <h2 id="recovery">If every device is lost</h2>
      <p>
        Hold the button inside for ten seconds. In the last five the panel beeps once a second: let go, and
        nothing happens.
      </p>
      <ul class="plain-list soft">
        <li>Everyone’s access ends: people, devices, invitations and codes are removed.</li>
        <li>The panel shows a new link and waits for a new owner, as on its first day.</li>
        <li>Cards go on opening. Whoever becomes the owner may remove them.</li>
        <li>The access log stays, and says that this was done.</li>
      </ul>
    </section>
  );
}
