/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Client } from "../lib/api/client.ts";
import { useValue } from "../lib/state.ts";
import { Switch } from "../lib/ui/fields.tsx";
import { Tray } from "./badges/tray.tsx";
import { Faults } from "./bench/faults.tsx";
import { MemoryCard } from "./bench/memory_card.tsx";
import { RecordTable } from "./bench/record.tsx";
import { Timeline } from "./bench/timeline.tsx";
import { SimulatorApi } from "./model/api.ts";
import { Board } from "./model/board.ts";
import { Panel } from "./panel/panel.tsx";
import { Told } from "./parts/told.tsx";
import { Top } from "./parts/top.tsx";
import { Door } from "./scene/door.tsx";
import { Gate } from "./scene/gate.tsx";
import { Inside } from "./scene/inside.tsx";
import { Ear } from "./sound/ear.ts";
import { Mouth } from "./sound/mouth.ts";
import { Talk } from "./sound/talk.ts";
import { useBeep } from "./sound/use_beep.ts";
import { Visitor } from "./sound/visitor.tsx";

/** A house front to play at: the panel, the door, the gate, badges, and what the hardware records. */
export function Simulator({ client }: { client: Client }): JSX.Element {
  const board = useMemo(() => new Board(new SimulatorApi(client)), [client]);
  const beep = useBeep(board);
  const [ear, mouth] = useMemo(() => [new Ear(client), new Mouth(client)] as const, [client]);
  const talk = useMemo(() => new Talk(board), [board]);
  const reader = useRef<HTMLDivElement>(null);
  const { view, live } = useValue(board);
  useEffect(() => board.follow(), [board]);
  useEffect(() => talk.follow(), [talk]);
  useEffect(() => void (live && talk.load()), [talk, live]);
  const faults = view?.faults.length ?? 0;
  return (
    <div class="simulator">
      <a class="skip" href="#front">Skip to the panel</a>
      <Top board={board} beep={beep} />
      <main class="stage">
        <div class="front" id="front" tabIndex={-1}>
          <div class="wall">
            <div class="front-panel">
              <Panel board={board} talk={talk} reader={reader} />
              <Told board={board} />
              <Visitor ear={ear} mouth={mouth} talk={talk} />
            </div>
            <Door board={board} />
            <div class="tiles">
              <Inside board={board} />
              <Gate board={board} />
            </div>
          </div>
          <Tray board={board} reader={reader} />
        </div>
        <div class="bench">
          <section class="card" aria-labelledby="lines">
            <h2 id="lines">Lines</h2>
            <Timeline board={board} />
            <details class="drawer">
              <summary>Record</summary>
              <RecordTable board={board} />
            </details>
          </section>
          <section class="card" aria-labelledby="hardware">
            <h2 id="hardware">Hardware</h2>
            <Switch
              label="The housing is off the wall"
              on={board.active("tamper")}
              onChange={(on) => board.setInput("tamper", on)}
            />
            <Switch
              label="The button inside is held"
              on={board.active("inside-button")}
              onChange={(on) => board.setInput("inside-button", on)}
            />
            <details class="drawer">
              <summary>
                Faults
                {faults > 0 && <span class="pill pill-bad">{faults} on</span>}
              </summary>
              <Faults board={board} />
            </details>
          </section>
          <MemoryCard board={board} />
        </div>
      </main>
    </div>
  );
}
