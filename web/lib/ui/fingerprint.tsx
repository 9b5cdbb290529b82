import type { JSX } from "preact";

/** SHA-256 of the certificate to trust, in groups that an eye can follow. */
export function Fingerprint({ hex }: { hex: string }): JSX.Element {
  const groups = hex.toUpperCase().match(/.{1,4}/g) ?? [];
  return (
    <p class="fingerprint">
      <span class="quiet">SHA-256 fingerprint:</span>
      {groups.map((group, at) => <span key={at}>{group}</span>)}
    </p>
  );
}
