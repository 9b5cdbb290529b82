import { renderSVG } from "uqr";
import type { PanelConfig } from "../config/schema.ts";
import { errorText, type Log } from "../log.ts";
import type { ClaimOffer } from "../runtime.ts";
import { writeDurably } from "../store/durable_file.ts";
import { claimLabelPath } from "../store/paths.ts";
import { claimLink } from "./start_block.ts";

export interface ClaimLabel {
  /** What the panel is called. */
  name: string;
  link: string;
  deviceId: string;
  /** SHA-256 of the certificate to trust; null without TLS. */
  fingerprint: string | null;
}

/** Hexadecimal digits of a line. */
const DIGITS = 32;

/** What to print and stick to the unit, 62 × 84 mm, as SVG: the link to claim it as a QR code, and what it holds in letters. */
export function claimLabel({ name, link, deviceId, fingerprint }: ClaimLabel): string {
  const code = renderSVG(link, { border: 0 }).replace("<svg", '<svg x="6" y="14" width="50" height="50"');
  const facts = [
    "Device",
    ...cut(deviceId),
    ...(fingerprint === null ? [] : ["SHA-256", ...cut(fingerprint)]),
  ];
  const lines = facts.map((fact, row) => `<text x="6" y="${68 + row * 3}">${fact}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="62mm" height="84mm" viewBox="0 0 62 84" font-family="sans-serif">
<rect width="62" height="84" fill="#fff"/>
<text x="6" y="8" font-size="4" font-weight="bold">${escaped(name.slice(0, 22))}</text>
<text x="6" y="12" font-size="2.6">Scan it to make this panel yours.</text>
${code}
<g font-family="monospace" font-size="2.5">
${lines.join("\n")}
</g>
</svg>
`;
}

/** Puts the label into the data directory, for the panel's user only. Without one the panel starts all the same. */
export function keepLabel(config: PanelConfig, port: number, offer: ClaimOffer, log: Log): void {
  const label = claimLabel({ ...offer, name: config.name, link: claimLink(config, port, offer) });
  const path = claimLabelPath(config.data);
  try {
    writeDurably(path, label, 0o600);
  } catch (error) {
    log.warn("The label to claim the panel with can't be written", { path, error: errorText(error) });
  }
}

function cut(text: string): string[] {
  return text.match(new RegExp(`.{1,${DIGITS}}`, "g")) ?? [];
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
