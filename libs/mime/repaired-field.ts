// SPDX-License-Identifier: Apache-2.0
import { NAME, type HeaderField } from './header.ts';

/** How files of several mails tell them apart (RFC 4155), and programs that take one out of there leave it. */
const MBOX_LINE = /^>?From [^:\r\n]/;

/**
 * What a line of a header is meant to be that is no field by RFC 5322 §2.2, so that all who read the mail after us find the
 * same fields in it that were found here.
 *
 * @param raw all of its lines, with their CRLF.
 * @returns the field without the white space before its colon (§4.5, obsolete syntax); `nothing`: the line between mails of a
 *   file, which goes; `body`: all else ends the header, as it does for the mail servers that most mail passes, so that
 *   where the empty line was forgotten the text stays one.
 */
export function repairedField(raw: Buffer): HeaderField | 'nothing' | 'body' {
  const text = raw.toString('latin1');
  const [, name, blank = ''] = /^([^:\s]+)([ \t]+):/.exec(text) ?? [];
  if (name !== undefined && NAME.test(name))
    return {
      name,
      raw: Buffer.concat([raw.subarray(0, name.length), raw.subarray(name.length + blank.length)]),
    };
  return MBOX_LINE.test(text) ? 'nothing' : 'body';
}
