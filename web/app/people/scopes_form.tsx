import type { JSX } from "preact";
import type { AccessPointState } from "../../../core/access/keys.ts";
import { Choice } from "../../lib/ui/fields.tsx";
import { SCOPES } from "../../lib/words/people.ts";

export interface ScopesFormProps {
  scopes: readonly string[];
  accessPoints: AccessPointState[];
  onChange(scopes: string[]): void;
}

/** What a program may do, a right each. */
export function ScopesForm({ scopes, accessPoints, onChange }: ScopesFormProps): JSX.Element {
  const offered = [
    ...accessPoints.map(({ id, name }) => ({ scope: `release:${id}`, label: `Open ${name}` })),
    ...SCOPES,
  ];
  // What was given by another way, such as `release` for everything, is shown while it is there.
  const others = scopes.filter((scope) => !offered.some((known) => known.scope === scope))
    .map((scope) => ({ scope, label: scope === "release" ? "Open everything" : scope }));
  return (
    <fieldset class="group">
      <legend>What may it do?</legend>
      {[...offered, ...others].map(({ scope, label }) => (
        <Choice
          key={scope}
          kind="checkbox"
          name={scope}
          label={label}
          hint={scope}
          checked={scopes.includes(scope)}
          onChange={(checked) =>
            onChange(checked ? [...scopes, scope] : scopes.filter((known) => known !== scope))}
        />
      ))}
    </fieldset>
  );
}
