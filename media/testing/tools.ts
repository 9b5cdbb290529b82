export { findAge, findFfmpeg } from "../../scripts/test_tools.ts";
