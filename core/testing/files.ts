export { setupFiles as provideFiles } from "../files.ts";
