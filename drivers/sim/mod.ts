import { z } from "zod";
import {
  accessService,
  alarmRaised,
  boardLink,
  type BoardService,
  boardService,
  cardPresent,
  cardRemoved,
  cardSlotChanged,
  definePlugin,
  errorText,
  formHints,
  inputChanged,
  LatchkeyError,
  outputChanged,
  type Plugin,
} from "../../core/mod.ts";
import { Debouncer } from "./debounce.ts";
import { type SimulationService, simulationService } from "./keys.ts";
import { inputNames, readerNames } from "./layout.ts";
import type { BoardEvent } from "./model.ts";
import type { BoardPort } from "./port.ts";
import { Readers } from "./readers.ts";

const FIRST_CONTACT_MS = 1_000;
const LOST = "The link to the board is lost: nothing can be released";

/** The simulated board as a plugin: provides `board` and `simulation`. */
export function simBoard(port: BoardPort): Plugin {
  return definePlugin({
    id: "board-sim",
    api: 1,
    title: "Simulated board",
    config: z.strictObject({
      debounceMs: z.number().int().min(1).max(200).default(20)
        .describe("How long a contact must keep still to count as changed, ms")
        .meta(formHints({ title: "Contacts settle for, ms" })),
    }),
    uses: [accessService],
    async setup(ctx) {
      const debouncer = new Debouncer(
        ctx.clock,
        ctx.config.debounceMs,
        (input, active) => ctx.emit(inputChanged, { input, active }),
      );
      const readers = new Readers({
        present: (reader, { uid, cardKind }) =>
          ctx.emit(cardPresent, { reader, uid, cardKind, reportsRemoval: true }),
        removed: (reader, uid) => ctx.emit(cardRemoved, { reader, uid }),
      });
      const firstContact = Promise.withResolvers<void>();
      let up: boolean | undefined;

      function heard(event: BoardEvent): void {
        if (ctx.signal.aborted) return;
        if (event.event === "reader") readers.frame(event.reader, event.frame);
        else if (event.event === "slot") ctx.emit(cardSlotChanged, {});
        else if (event.event === "input") debouncer.raw(event.input, event.active);
        else ctx.emit(outputChanged, { output: event.output, level: event.level });
      }

      async function connected(): Promise<void> {
        const state = await port.call("state", {});
        if (ctx.signal.aborted) return;
        for (const { name, active } of state.inputs) debouncer.raw(name, active);
        for (const { name, card } of state.readers) readers.resume(name, card?.uid);
        const again = up === false;
        up = true;
        firstContact.resolve();
        ctx.emit(boardLink, { up });
        ctx.emit(cardSlotChanged, {});
        if (again) await alarm(false, "The link to the board is back");
      }

      async function alarm(active: boolean, message: string): Promise<void> {
        ctx.log[active ? "error" : "info"](message);
        ctx.emit(alarmRaised, { alarm: "board-lost", active, message });
        await ctx.use(accessService).record({
          kind: "alarm",
          outcome: active ? "raised" : "cleared",
          actor: { kind: "system", id: ctx.id, scopes: [] },
          via: "plugin",
          detail: { alarm: "board-lost" },
        }).catch((error) => ctx.log.error("The alarm is not in the log", { error: errorText(error) }));
      }

      async function lost(): Promise<void> {
        if (up === false) return;
        up = false;
        ctx.emit(boardLink, { up });
        await alarm(true, LOST);
      }

      ctx.defer("debouncing", () => debouncer.stop());
      ctx.defer(
        "link to the board",
        port.open({
          event: heard,
          link(isUp) {
            if (ctx.signal.aborted) return;
            (isUp ? connected() : lost()).catch((error) =>
              ctx.log.error("The board's link failed", { error: errorText(error) })
            );
          },
        }),
      );
      ctx.defer("outputs off", () => port.call("allOff", { cause: "stopped" }).then(() => {}, () => {}));

      const enough = ctx.after(FIRST_CONTACT_MS, () => firstContact.resolve());
      await firstContact.promise;
      enough();
      if (up === undefined) {
        for (const name of inputNames) debouncer.raw(name, false);
        await lost();
      }

      ctx.provide(boardService, board(port, debouncer));
      ctx.provide(simulationService, simulation(port, readers));
    },
  });
}

function board(port: BoardPort, debouncer: Debouncer): BoardService {
  return {
    async describe() {
      const { outputs, inputs, slot } = await port.call("state", {});
      return {
        driver: "sim",
        cardSlot: slot,
        outputs,
        inputs: inputs.map(({ name }) => ({ name, active: debouncer.active(name) ?? false })),
        readers: readerNames.map((name) => ({ name, reportsRemoval: true })),
      };
    },
    pulse: (output, ms, cause) => port.call("pulse", { output, ms, cause }),
    async set(output, level, { leaseMs, cause = "" } = {}) {
      await port.call("set", { output, level, cause, ...(leaseMs === undefined ? {} : { leaseMs }) });
    },
    async pattern(output, onOffMs) {
      await port.call("pattern", { output, onOffMs });
    },
    input(name) {
      const active = debouncer.active(name);
      if (active !== undefined) return Promise.resolve(active);
      return Promise.reject(new LatchkeyError("unknown-input", `The board has no input "${name}"`));
    },
    async allOff() {
      await port.call("allOff", { cause: "all off" });
    },
  };
}

function simulation(port: BoardPort, readers: Readers): SimulationService {
  const [firstReader] = readerNames;
  return {
    state: () => port.call("state", {}),
    edges: (query = {}) => port.call("edges", query),
    async press(input, ms) {
      await port.call("press", { input, ms });
    },
    async setInput(input, active) {
      await port.call("setInput", { input, active });
    },
    async present(card, reader = firstReader) {
      await port.call("present", { reader, card });
    },
    async remove(reader = firstReader) {
      await port.call("remove", { reader });
    },
    async setSlot(change) {
      await port.call("setSlot", change);
    },
    async setFault(fault, active) {
      await port.call("setFault", { fault, active });
    },
    async clearFaults() {
      await port.call("clearFaults", {});
    },
    async sendFrames(frames, reader = firstReader) {
      await port.call("sendFrames", { reader, frames });
    },
    droppedFrames: () => Promise.resolve(readers.dropped),
  };
}
