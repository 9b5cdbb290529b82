/** What may cross a plugin border: nothing but JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
