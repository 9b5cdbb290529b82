import { definePoint } from "../plugin/keys.ts";

/** A page of the panel's web site that is there as long as whoever contributes it. */
export interface Page {
  /** Where it is found: `/timetable`. One lower case word. */
  path: string;
  /** The built HTML file: `timetable.html`. */
  file: string;
  /** What a link to it says. */
  title: string;
}

/** Pages of the panel beside the household's. Built-in plugins only. */
export const pagesPoint = definePoint<Page>("pages");
