// SPDX-License-Identifier: Apache-2.0

export interface Decoded {
  text: string;
  /** False where the character set is not known here, and the text is what Latin letters and digits are in most. */
  known: boolean;
}

const FALLBACK = 'windows-1252';
/** Labels that say little, so that the octets decide. */
const VAGUE = new Set([
  '',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'unknown',
  'unknown-8bit',
  'binary',
  'utf-8',
  'utf8',
]);

/** Decodes text by a byte order mark, else by its charset (the labels of the WHATWG Encoding Standard), else by trying. */
export function decodeText(bytes: Uint8Array, charset = ''): Decoded {
  const label = charset.trim().toLowerCase();
  const wide = utf32(bytes, label);
  if (wide !== null) return { text: decodeUtf32(bytes, wide), known: true };
  const marked = byMark(bytes);
  if (marked !== null) return { text: new TextDecoder(marked).decode(bytes), known: true };
  if (VAGUE.has(label)) return guess(bytes);
  const decoder = decoderOf(label);
  if (decoder === null)
    return { text: new TextDecoder(FALLBACK).decode(bytes).replaceAll('\0', ''), known: false };
  return { text: decoder.decode(bytes), known: true };
}

/** Whether octets are text in any of the usual encodings: nearly no control characters, or those of UTF-16. */
export function isTextLike(bytes: Uint8Array): boolean {
  return utf32(bytes, '') !== null || byMark(bytes) !== null || utf16(bytes) !== null || isPlain(bytes);
}

/** The same, of encodings in which no character has a zero in it. */
export function isPlain(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return false;
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls += 1;
  }
  return controls * 200 <= bytes.length;
}

function guess(bytes: Uint8Array): Decoded {
  const wide = utf16(bytes);
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), known: true };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Programs show nothing where a zero is.
    return { text: text.replaceAll('\0', ''), known: true };
  } catch {
    return { text: new TextDecoder(FALLBACK).decode(bytes), known: true };
  }
}

function decoderOf(label: string) {
  for (const each of [
    label,
    label.replace(/^x-(?:mac-)?|^cs/u, ''),
    label.replace(/^(?:cp|ms|ibm)-?/u, 'windows-'),
  ]) {
    try {
      return new TextDecoder(each);
    } catch {
      // The next spelling.
    }
  }
  return null;
}

function byMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}

type Utf32 = 'le' | 'be';

const MARK = 0xfe_ff;
const LAST_CHARACTER = 0x10_ff_ff;
const UTF32 = /^utf-?32(?<order>[bl]e)?$/u;

/** The Encoding Standard has no UTF-32, and takes its mark for that of UTF-16. */
function utf32(bytes: Uint8Array, label: string): Utf32 | null {
  if (bytes.length < 4) return null;
  const first = Buffer.from(bytes.subarray(0, 4));
  if (first.readUInt32BE(0) === MARK) return 'be';
  if (first.readUInt32LE(0) === MARK) return 'le';
  const named = UTF32.exec(label);
  if (named === null) return null;
  return (
    (named.groups?.['order'] as Utf32 | undefined) ?? (first.readUInt32BE(0) > LAST_CHARACTER ? 'le' : 'be')
  );
}

function decodeUtf32(bytes: Uint8Array, order: Utf32): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const out: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, order === 'le');
    out.push(code > LAST_CHARACTER ? '\ufffd' : String.fromCodePoint(code));
  }
  return out.join('').replace(/^\ufeff/u, '');
}

/** Latin text in UTF-16 without a mark has a zero in every other place. */
function utf16(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, 512);
  if (sample.length < 8) return null;
  const zeros = [0, 0];
  for (const [i, byte] of sample.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = sample.length * 0.3;
  if (odd > many && even < many / 10) return 'utf-16le';
  return even > many && odd < many / 10 ? 'utf-16be' : null;
}
