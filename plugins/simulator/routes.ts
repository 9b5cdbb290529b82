import { z } from "zod";
import { type Route, route, uidSchema } from "../../core/mod.ts";
import {
  cardSchema,
  edgePageSchema,
  faultSchema,
  type SimulationService,
  slotChangeSchema,
} from "../../drivers/sim/keys.ts";
import { badges, cardOf, shownCard } from "./badges.ts";
import { boardViewSchema } from "./keys.ts";

const tag = "simulator";
const lineName = z.string().min(1).max(40);
const inputParams = z.strictObject({ input: lineName });
const readerParams = z.strictObject({ reader: lineName });
const noSuchLine = { 404: "no such input, output or reader" };
/** Longest that a finger stays on a button, ms. */
const LONGEST_PRESS = 10_000;
const EDGES_SHOWN = 60;

/** The hands and eyes at the simulated panel, for its page and for tests. */
export function simulatorRoutes(simulation: SimulationService): Route[] {
  return [
    route({
      method: "get",
      path: "/board",
      access: "owner",
      tag,
      summary: "Show the simulated panel",
      response: boardViewSchema,
      async handle() {
        const [state, { edges }] = await Promise.all([
          simulation.state(),
          simulation.edges({ limit: EDGES_SHOWN }),
        ]);
        return {
          ...state,
          readers: state.readers.map(({ name, card }) => ({ name, card: shownCard(card) })),
          edges,
          badges: badges.map(({ id, name }) => ({ id, name })),
        };
      },
    }),
    route({
      method: "post",
      path: "/inputs/{input}/press",
      access: "owner",
      tag,
      summary: "Press a button",
      params: inputParams,
      body: z.strictObject({ ms: z.number().int().min(1).max(LONGEST_PRESS).optional() }).optional(),
      refusals: noSuchLine,
      handle: ({ params, body }) => simulation.press(params.input, body?.ms),
    }),
    route({
      method: "post",
      path: "/inputs/{input}",
      access: "owner",
      tag,
      summary: "Move a contact, such as the door's",
      params: inputParams,
      body: z.strictObject({ active: z.boolean() }),
      refusals: noSuchLine,
      handle: ({ params, body }) => simulation.setInput(params.input, body.active),
    }),
    route({
      method: "post",
      path: "/readers/{reader}/present",
      access: "owner",
      tag,
      summary: "Hold a badge to a reader until it is taken away",
      description: "One of the badges that `GET …/board` lists, or any card by its number.",
      params: readerParams,
      body: z.union([
        z.strictObject({ badge: z.string().max(40) }),
        z.strictObject({ uid: uidSchema, cardKind: cardSchema.shape.cardKind }),
      ]),
      refusals: { 404: "no such badge or reader" },
      handle: ({ params, body }) =>
        simulation.present("uid" in body ? body : cardOf(body.badge), params.reader),
    }),
    route({
      method: "post",
      path: "/readers/{reader}/remove",
      access: "owner",
      tag,
      summary: "Take the badge away",
      params: readerParams,
      refusals: noSuchLine,
      handle: ({ params }) => simulation.remove(params.reader),
    }),
    route({
      method: "post",
      path: "/readers/{reader}/frames",
      access: "owner",
      tag,
      summary: "Let a reader send these texts, valid or not",
      params: readerParams,
      body: z.strictObject({ frames: z.array(z.string().max(1_000)).max(10_000) }),
      refusals: noSuchLine,
      handle: ({ params, body }) => simulation.sendFrames(body.frames, params.reader),
    }),
    route({
      method: "get",
      path: "/edges",
      access: "owner",
      tag,
      summary: "List what the lines of the board did",
      description: "Oldest first. Without `since` the last ones; with it those after that number.",
      query: z.strictObject({
        since: z.coerce.number().int().min(0).optional(),
        limit: z.coerce.number().int().min(1).max(10_000).default(100),
      }),
      response: edgePageSchema,
      handle: ({ query }) => simulation.edges(query),
    }),
    route({
      method: "patch",
      path: "/slot",
      access: "owner",
      tag,
      summary: "Put a memory card in, take it out, or do something to it",
      description:
        "Each `card` is one that keeps its files and what is wrong with it, so that two can be swapped.",
      body: slotChangeSchema,
      handle: ({ body }) => simulation.setSlot(body),
    }),
    route({
      method: "post",
      path: "/faults",
      access: "owner",
      tag,
      summary: "Break something, or mend it",
      body: z.strictObject({ fault: faultSchema, active: z.boolean() }),
      refusals: noSuchLine,
      handle: ({ body }) => simulation.setFault(body.fault, body.active),
    }),
    route({
      method: "delete",
      path: "/faults",
      access: "owner",
      tag,
      summary: "Mend everything",
      handle: () => simulation.clearFaults(),
    }),
  ];
}
