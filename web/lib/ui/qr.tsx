import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { encode } from "uqr";

export interface QrProps {
  text: string;
  /** What it is, for those who can't see it. */
  label: string;
}

/** A QR code, dark on a light plate in either scheme: cameras expect it so. Four modules of margin, as the standard asks. */
export function Qr({ text, label }: QrProps): JSX.Element {
  const { path, size } = useMemo(() => draw(text), [text]);
  return (
    <span class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
        <path d={path} />
      </svg>
    </span>
  );
}

function draw(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => dark ? `M${x} ${y}h1v1h-1z` : "")).join("");
  return { path, size };
}
