// SPDX-License-Identifier: Apache-2.0

/**
 * Whether a header field holds text that people wrote about the mail as a whole: its subject, and what repeats it or stands
 * beside it. Programs copy the subject to `Thread-Topic` (MS-OXOMSG §2.2.1.5) and under many names of their own, and each of
 * these travels in clear as the subject does, so a field counts by what its name says.
 *
 * @param name of the field, in any case: `Subject`, `Comments`, `Keywords` (RFC 5322 §3.6.5), `Resent-Subject`, `X-Topic`.
 */
export const saysSubject = (name: string): boolean => SAYING.test(name);

const SAYING = /subject|topic|title|comment|keyword|summary/i;
