// SPDX-License-Identifier: Apache-2.0
import type { Header } from './header.ts';

/** What is begun and never ends is taken to its end: to begin anew at each of its quotes would take the square of its length. */
const QUOTED_OR_ENCODED = /"(?:[^"\\]|\\.)*(?:(?<closed>")|\\?$)|=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=/g;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * Whether an address list (RFC 5322 §3.4, unfolded) can be read in one way only. Parsers are kind to what is against
 * the grammar: of `bo@a.example RCPT TO:<evil@z.example>` they take the last address and call the rest a name. A mail
 * that shows one person and goes to another is refused; an `@` in a name has to be quoted or encoded.
 */
export function saysWhatItMeans(list: string): boolean {
  if (CONTROL.test(list)) return false;
  const bare = list.replaceAll(QUOTED_OR_ENCODED, (found, closed?: string) =>
    found.startsWith('"') && closed === undefined ? found : ' ',
  );
  return bare.split(/[,;]/).every((piece) => {
    const [group, ...rest] = piece.split(':');
    const mailbox = rest.length === 0 ? piece : rest.join(':');
    return (rest.length === 0 || !group?.includes('@')) && (mailbox.match(/@/g) ?? []).length <= 1;
  });
}

/** Whether all fields of that name {@link saysWhatItMeans | say what they mean}, as they stand: not decoded first. */
export const fieldsSayWhatTheyMean = (header: Header, name: string): boolean =>
  header.fields
    .filter((field) => field.name.toLowerCase() === name.toLowerCase())
    .every(({ raw }) => saysWhatItMeans(raw.toString('latin1', raw.indexOf(':') + 1).replaceAll('\r\n', '')));
