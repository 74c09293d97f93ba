// SPDX-License-Identifier: Apache-2.0
import { isPlain, isTextLike } from './decode-text.ts';

/** What a file is by its octets. `office`: Word, Excel, PowerPoint of before 2007, or anything in the same container. */
export type FileKind = 'pdf' | 'zip' | 'gzip' | 'archive' | 'office' | 'picture' | 'text' | 'unknown';

/** Octets as Latin-1, at an offset, and the kind they tell. `.` is any octet. */
const SIGNATURES: readonly (readonly [FileKind, number, RegExp])[] = [
  ['zip', 0, /^PK(?:\x03\x04|\x05\x06|\x07\x08)/u],
  ['gzip', 0, /^\x1f\x8b\x08/u],
  ['office', 0, /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/u],
  [
    'archive',
    0,
    /^(?:7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|MSCF\0\0\0\0|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18)/u,
  ],
  ['archive', 0, /^(?:BZh[1-9]1AY&SY|..-lh[0-7]-|\x60\xea|!<arch>\n|ISc\()/u],
  ['archive', 257, /^ustar/u],
  ['picture', 0, /^(?:\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|\0\0[\x01\x02]\0|8BPS\0)/u],
  [
    'picture',
    0,
    /^(?:RIFF....(?:WEBP|WAVE|AVI )|BM....\0\0\0\0|OggS\0|fLaC\0|ID3[\x02-\x04]|\xff[\xfb\xf3\xf2])/su,
  ],
  ['picture', 0, /^(?:\x1aE\xdf\xa3|\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF|wOF[F2]|OTTO\0|\0\x01\0\0\0)/su],
  // JPEG XR (which Word writes), JPEG XL, and what phones record.
  ['picture', 0, /^(?:II\xbc[\x00\x01]|\0\0\0\x0cJXL \r\n\x87\n|#!AMR(?:-WB)?\n)/u],
  ['picture', 4, /^ftyp/u],
  // Of Outlook (TNEF, winmail.dat): what is in it is packed, however much it looks like text.
  ['unknown', 0, /^\x78\x9f\x3e\x22/u],
];
const LONGEST_SIGNATURE = 64;
/** What is behind it says whether a file begins like a picture by chance: no picture is all text. */
const PICTURE_HEAD = 12;
/** Readers look for it in the first kilobyte. */
const PDF_WITHIN = 1_024;

/** Recognises a file by its first octets, never by its name. */
export function kindOf(bytes: Uint8Array): FileKind {
  const latin1 = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (latin1(0, PDF_WITHIN).includes('%PDF-')) return 'pdf';
  for (const [kind, offset, signature] of SIGNATURES) {
    if (!signature.test(latin1(offset, offset + LONGEST_SIGNATURE))) continue;
    const rest = bytes.subarray(PICTURE_HEAD);
    return kind === 'picture' && rest.length > 0 && isPlain(rest) ? 'text' : kind;
  }
  return isTextLike(bytes) ? 'text' : 'unknown';
}
