/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";

export type View = "home" | "keys" | "activity" | "people" | "settings";

/** The view that the address names, so that the way back and a bookmark work; the first of `allowed` where it names none. */
export function useView(allowed: readonly View[]): [view: View, show: (view: View) => void] {
  const [named, setNamed] = useState(nameInAddress);
  useEffect(() => {
    const moved = () => setNamed(nameInAddress());
    addEventListener("popstate", moved);
    addEventListener("hashchange", moved);
    return () => {
      removeEventListener("popstate", moved);
      removeEventListener("hashchange", moved);
    };
  }, []);

  function show(view: View): void {
    history.pushState(null, "", view === "home" ? location.pathname : `#${view}`);
    setNamed(view);
    scrollTo({ top: 0 });
  }

  return [allowed.find((view) => view === named) ?? allowed[0] ?? "home", show];
}

function nameInAddress(): string {
  return location.hash.slice(1);
}
