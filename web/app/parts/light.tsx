import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";

export function Light({ home }: { home: Home }): JSX.Element | null {
  useValue(home);
  return null;
}
