import { LatchkeyError } from "../errors.ts";

/** @throws {LatchkeyError} `unknown-access-point` (400), naming each id that is not there */
export function assertAccessPoints(
  isAccessPoint: (id: string) => boolean,
  ids: readonly string[],
  field: string,
): void {
  const faults = ids.flatMap((id, index) =>
    isAccessPoint(id)
      ? []
      : [{ field: `${field}.${index}`, value: id, message: "The id of an access point of this panel" }]
  );
  if (faults.length === 0) return;
  const unknown = faults.map(({ value }) => `"${value}"`).join(", ");
  throw new LatchkeyError("unknown-access-point", `There is no access point ${unknown}`, { faults });
}
