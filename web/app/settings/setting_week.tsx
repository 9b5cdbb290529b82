import type { JSX } from "preact";
import type { WeekSchedule } from "../../../core/access/week.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { WeekForm } from "../terms/week_form.tsx";
import { Group } from "./setting_group.tsx";
import type { SettingField } from "./settings_fields.ts";

/** What is shown where there were no times yet. */
const FRESH: Week = { windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }] };

/** Without a zone the panel's counts. */
type Week = Pick<WeekSchedule, "windows"> & Partial<WeekSchedule>;

export interface SettingWeekProps {
  field: SettingField;
  /** As JSON; empty where they are off. */
  value: string;
  fault: string | undefined;
  onValue(value: string): void;
}

/** Times of a week, as they are set for cards. */
export function SettingWeek({ field, value, fault, onValue }: SettingWeekProps): JSX.Element {
  const week = value === "" ? undefined : JSON.parse(value) as Week;

  function change({ windows, zone }: Partial<Week>): void {
    const next = { ...week, ...(windows && { windows }), ...(zone !== undefined && { zone }) } as Week;
    const { zone: named, ...rest } = next;
    onValue(JSON.stringify(named === "" ? rest : next));
  }

  return (
    <Group
      field={field}
      on={week !== undefined}
      onTurn={(on) => onValue(on ? JSON.stringify(FRESH) : "")}
    >
      {week && (
        <WeekForm
          draft={{ windows: week.windows, zone: week.zone ?? "" }}
          zoneHint="The times follow this place’s clocks, summer time included; left empty, the panel’s."
          onChange={change}
        />
      )}
      {fault !== undefined && <Fault text={fault} />}
    </Group>
  );
}
