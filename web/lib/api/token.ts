/// <reference lib="dom" />
const KEY = "latchkey-token";

/** The owner's token from a link such as `http://panel/#token=…`, or the token itself; undefined where there is none. */
export function tokenIn(text: string): string | undefined {
  const trimmed = text.trim();
  const token = /#(?:.*&)?token=([\w.~+/-]{8,200}=*)/.exec(trimmed)?.[1];
  return token ?? (/^[\w-]{43}$/.test(trimmed) ? trimmed : undefined);
}

/** Keeps a token that came with the address, and takes it out of the address and the history at once. */
export function takeToken(): string | undefined {
  const arrived = tokenIn(location.href);
  if (arrived !== undefined) {
    history.replaceState(null, "", location.pathname + location.search);
    keepToken(arrived);
  }
  return arrived ?? localStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
  localStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  localStorage.removeItem(KEY);
}
