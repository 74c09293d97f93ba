// SPDX-License-Identifier: Apache-2.0

/** As JSON.stringify escapes them: U+0000, and a surrogate without its other half. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Whether what JSON.stringify wrote holds what PostgreSQL's jsonb can't. */
export const isUnstorable = (json: string): boolean => UNSTORABLE.test(json);
