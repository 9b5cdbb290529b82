/** Digits in two groups, as they are read out: `1234 5678`. Anything else as it is. */
export function grouped(text: string): string {
  return /^\d{8}$/.test(text) ? `${text.slice(0, 4)} ${text.slice(4)}` : text;
}
