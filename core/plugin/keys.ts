import type { z } from "zod";
import type { Actor } from "../access/model.ts";

/**
 * Whom the API's event stream tells: everyone of the household, monitors included; its residents only; or nobody, where
 * it never leaves the bus (reader frames, raw edges).
 */
export type Audience = "household" | "residents" | "internal";

/** A fact in the past tense that one emits and any number hear. It has no answer and never blocks. */
export interface EventKey<T> {
  readonly kind: "event";
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly audience: Audience;
  /** Only the core may emit it: access, audit, call and authentication facts can't be forged by a plugin. */
  readonly coreOnly: boolean;
}

/** How a method is called by a plugin that runs in a process of its own. */
export interface OutsideMethod {
  /** What it takes, as a tuple; anything else never reaches the provider. */
  args: z.ZodType<unknown[]>;
  /** The call as it is made: with the plugin in the place of whoever the arguments name. */
  as?(args: unknown[], plugin: Actor): unknown[];
}

/** Something one provides and many call: asynchronous methods with JSON arguments and answers. */
export interface ServiceKey<T> {
  readonly kind: "service";
  readonly name: string;
  /** The methods that plugins in processes of their own can be granted: without them, none. */
  readonly outside: Readonly<Record<string, OutsideMethod>>;
  /** Never set: carries the type. */
  readonly _type?: T;
}

/** Something many contribute and any number watch. */
export interface PointKey<T> {
  readonly kind: "point";
  readonly name: string;
  /** Never set: carries the type. */
  readonly _type?: T;
}

/** Who hears an event, and who may emit it. */
export interface EventOptions {
  /** `residents` unless told. */
  audience?: Audience;
  coreOnly?: boolean;
}

/** Declares an event. `name` is `subject.past-participle`, such as `badge.presented`. */
export function defineEvent<T>(name: string, schema: z.ZodType<T>, options: EventOptions = {}): EventKey<T> {
  return {
    kind: "event",
    name,
    schema,
    audience: options.audience ?? "residents",
    coreOnly: options.coreOnly ?? false,
  };
}

/** What of a service plugins in processes of their own may call. */
export interface ServiceOptions<T> {
  outside?: { readonly [Method in keyof T & string]?: OutsideMethod };
}

/** Declares a service; `T` is an interface whose members are all asynchronous methods. */
export function defineService<T>(name: string, { outside = {} }: ServiceOptions<T> = {}): ServiceKey<T> {
  return { kind: "service", name, outside: outside as Record<string, OutsideMethod> };
}

/** Declares an extension point; `T` is what each contribution looks like. */
export function definePoint<T>(name: string): PointKey<T> {
  return { kind: "point", name };
}
