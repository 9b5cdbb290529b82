/** What plugins get as `zod`: the panel's own, so that there is one. */
export * from "zod";
export { default } from "zod";
