// @ts-types="./client.d.ts"
export { default } from "mqtt";
