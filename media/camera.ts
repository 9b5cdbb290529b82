import { isDeepStrictEqual } from "node:util";
import type { Cancel, Clock } from "../core/clock.ts";
import { LatchkeyError } from "../core/errors.ts";
import { Feed } from "./feed.ts";
import type { Abilities } from "./ffmpeg/probe.ts";
import type { StartTool } from "./ffmpeg/tool.ts";
import type { Frames, FramesListener } from "./frames.ts";
import { type Plan, planOf } from "./plan.ts";
import { type CameraSpec, type Definition, definitionsOf } from "./spec.ts";

export interface CameraOptions {
  spec: CameraSpec;
  abilities: Abilities;
  clock: Clock;
  start: StartTool;
  /** Told why there is no picture; empty once there is one. */
  fault(text: string): void;
}

interface Made {
  feed: Feed;
  plan: Plan;
}

interface Follower {
  definition: Definition;
  listener: FramesListener;
  stop: Cancel;
}

/** One camera: its definitions, each made while somebody looks. */
export class Camera {
  readonly #options: CameraOptions;
  #spec: CameraSpec;
  readonly #feeds = new Map<string, Made>();
  readonly #followers = new Set<Follower>();

  constructor(options: CameraOptions) {
    this.#options = options;
    this.#spec = options.spec;
  }

  /** How many programs run for it. */
  get programs(): number {
    return [...this.#feeds.values()].filter(({ feed }) => feed.running).length;
  }

  /**
   * Puts other settings in force at once: what was made by the old ones is shown to nobody any more, also not as the
   * picture that a decoder begins with. A camera that is read in the same way is read on.
   */
  change(spec: CameraSpec): void {
    if (isDeepStrictEqual(spec, this.#spec)) return;
    this.#spec = spec;
    for (const { stop, listener } of this.#followers) {
      stop();
      listener.outdated?.();
    }
    const planned = definitionsOf(spec.source.native).flatMap((one) => chainOf(this.#plan(one)));
    for (const [key, { feed, plan }] of this.#feeds) {
      if (!plan.parent && planned.some((other) => isDeepStrictEqual(other, plan))) continue;
      this.#feeds.delete(key);
      feed.end();
    }
    for (const follower of this.#followers) this.#follow(follower, fromKeyFrame(follower.listener));
  }

  /**
   * The pictures of a definition, made while somebody listens; they go on in other settings.
   * @throws {LatchkeyError} `definition-unknown` (404)
   */
  frames(definition: Definition): Frames {
    if (!this.#has(definition)) {
      throw new LatchkeyError(
        "definition-unknown",
        `This camera has no definition "${definition}"; it has ${
          definitionsOf(this.#spec.source.native).join(", ")
        }`,
        { status: 404 },
      );
    }
    const group = () => this.#feedOf(this.#plan(definition)).group;
    return {
      get group() {
        return group();
      },
      listen: (listener) => {
        const follower = { definition, listener, stop: () => {} };
        this.#followers.add(follower);
        this.#follow(follower);
        return () => {
          this.#followers.delete(follower);
          follower.stop();
        };
      },
    };
  }

  end(): void {
    for (const { feed } of this.#feeds.values()) feed.end();
    this.#feeds.clear();
    this.#followers.clear();
  }

  #follow(follower: Follower, listener = follower.listener): void {
    follower.stop = this.#feedOf(this.#plan(follower.definition)).listen(listener);
  }

  #has(definition: Definition): boolean {
    return definitionsOf(this.#spec.source.native).includes(definition);
  }

  /** Of a definition that the camera no longer has, its finest. */
  #plan(definition: Definition): Plan {
    const one = this.#has(definition) ? definition : this.#spec.source.native;
    return planOf(this.#spec, one, this.#options.abilities);
  }

  #feedOf(plan: Plan): Feed {
    const known = this.#feeds.get(plan.key)?.feed;
    if (known) return known;
    const { clock, start, fault } = this.#options;
    const feed = new Feed({
      command: plan.command,
      ...(plan.parent ? { parent: this.#feedOf(plan.parent) } : {}),
      clock,
      start,
      fault: (text) => fault(text ?? ""),
    });
    this.#feeds.set(plan.key, { feed, plan });
    return feed;
  }
}

/** One who has seen other pictures so far can't decode those that build on what came before. */
function fromKeyFrame(listener: FramesListener): FramesListener {
  let begun = false;
  return {
    parameters: (parameters) => listener.parameters?.(parameters),
    frame(frame) {
      begun ||= frame.key;
      if (begun) listener.frame?.(frame);
    },
    sound: (packet, at) => listener.sound?.(packet, at),
  };
}

/** A plan and what it is made of. */
function chainOf(plan: Plan): Plan[] {
  return plan.parent ? [plan, ...chainOf(plan.parent)] : [plan];
}
