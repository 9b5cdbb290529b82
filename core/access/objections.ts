import type { Clock } from "../clock.ts";
import { errorText, type Log } from "../log.ts";
import { within } from "../plugin/effects.ts";
import type { Denial } from "./keys.ts";
import type { Reason, ReleaseRequest } from "./model.ts";

/** Time that a contributor has to object, ms. */
const DEADLINE_MS = 500;

/** The first objection there is, in the order of contribution. */
export interface Objection {
  denial: string;
  reason: Reason;
  /** A sentence; empty where the contributor failed to say. */
  sentence: string;
}

/** Asks all contributors at once. One that fails or is late objects: silence never grants. */
export async function objectionTo(
  request: ReleaseRequest,
  denials: Iterable<Denial>,
  clock: Clock,
  log: Log,
): Promise<Objection | undefined> {
  const ask = async (denial: Denial): Promise<Objection | undefined> => {
    const objection = { denial: denial.id, reason: denial.reason ?? "denied-by-plugin" } as const;
    try {
      const sentence = await within(clock, DEADLINE_MS, denial.objection(copyOf(request)));
      return sentence === undefined ? undefined : { ...objection, sentence: String(sentence).slice(0, 200) };
    } catch (error) {
      log.warn("A contributor of denials failed; the release is denied", {
        denial: denial.id,
        error: errorText(error),
      });
      return { denial: denial.id, reason: "denied-by-plugin", sentence: "" };
    }
  };
  const answers = await Promise.all([...denials].map(ask));
  return answers.find((answer) => answer !== undefined);
}

/** For each contributor its own: what one changes, nobody else sees. `structuredClone` takes longer than the decision. */
function copyOf({ actor, ...request }: ReleaseRequest): ReleaseRequest {
  return { ...request, actor: { ...actor, scopes: [...actor.scopes] } };
}
