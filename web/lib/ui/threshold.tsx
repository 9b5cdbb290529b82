/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

export interface ThresholdProps {
  icon: IconName;
  /** The panel's name, once it is known. */
  name?: string | undefined;
  /** Another heading is another step: the focus goes there. */
  heading: string;
  children: ComponentChildren;
}

/** What is shown before the door: to who has no access, not yet, or no longer. */
export function Threshold({ icon, name, heading, children }: ThresholdProps): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    title.current?.focus();
    document.title = heading;
  }, [heading]);
  return (
    <main class="threshold">
      <div class="threshold-card">
        <div class="threshold-door">
          <span class="threshold-mark">
            <Icon name={icon} size={30} />
          </span>
          <p class="threshold-name">{name ?? "Latchkey"}</p>
        </div>
        <div class="threshold-body">
          <h1 ref={title} tabIndex={-1}>{heading}</h1>
          {children}
        </div>
      </div>
    </main>
  );
}
