import type { JSX } from "preact";
import type { SimFault } from "../../../drivers/sim/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Switch } from "../../lib/ui/fields.tsx";
import type { Board } from "../model/board.ts";
import { lineName } from "./lines.ts";

/** What can be wrong with the hardware. */
export function Faults({ board }: { board: Board }): JSX.Element {
  const { view } = useValue(board);
  if (!view) return <p class="hint">The board has not answered yet.</p>;
  const isOn = (fault: SimFault) => view.faults.some((known) => sameFault(known, fault));
  const groups: { title: string; faults: [label: string, fault: SimFault][] }[] = [
    {
      title: "The reader",
      faults: view.readers.flatMap(({ name }): [string, SimFault][] => [
        ["never notices that a badge left", { kind: "reader-stuck", reader: name }],
        ["notices nothing at all", { kind: "reader-silent", reader: name }],
      ]),
    },
    {
      title: "These contacts bounce",
      faults: view.inputs.map(({ name }) => [lineName(name), { kind: "input-bounces", input: name }]),
    },
    {
      title: "These outputs refuse",
      faults: view.outputs.map(({ name }) => [lineName(name), { kind: "output-refuses", output: name }]),
    },
  ];
  return (
    <div class="faults">
      {groups.map(({ title, faults }) => (
        <fieldset class="fault-group" key={title}>
          <legend>{title}</legend>
          {faults.map(([label, fault]) => (
            <Switch
              key={label}
              label={label}
              on={isOn(fault)}
              onChange={(on) => board.setFault(fault, on)}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function sameFault(a: SimFault, b: SimFault): boolean {
  return Object.values(a).join(" ") === Object.values(b).join(" ");
}
