// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { isEncryptedCms } from './cms-kind.ts';
import { decodeText } from './decode-text.ts';
import { encodedIn, isOfFoldedLines, unfolded } from './folded-lines.ts';
import { kindOf } from './kind-of.ts';
import { htmlText, xmlText } from './markup-text.ts';
import { isMbox, messagesIn } from './mbox.ts';
import { messagePieces } from './message-pieces.ts';
import { officeTextInOneFile } from './office-text.ts';
import { pdfPieces } from './pdf-pieces.ts';
import { ATTACHMENT, unreadAttachment, type PackedFile, type Piece, type ReadFile } from './piece.ts';
import { zipPieces } from './zip-pieces.ts';

/** Makes the reader of files of any kind. */
export function fileReader(budget: Budget): ReadFile {
  return async function* readFile(file) {
    if (file.bytes.length === 0) return;
    if (file.depth >= budget.limits.depth) {
      yield unreadAttachment('too-deep');
      return;
    }
    yield* piecesOf(file, budget, readFile);
  };
}

async function* piecesOf(file: PackedFile, budget: Budget, readFile: ReadFile): AsyncGenerator<Piece> {
  const { bytes, depth, type } = file;
  switch (kindOf(bytes)) {
    case 'pdf':
      yield* pdfPieces(bytes, depth, budget, readFile);
      return;
    case 'zip':
      yield* zipPieces(bytes, depth, budget, readFile);
      return;
    case 'gzip':
      yield* gzipPieces(bytes, depth, budget, readFile);
      return;
    case 'text':
      yield* textPieces(file, budget, readFile);
      return;
    case 'archive':
      yield unreadAttachment('unknown-archive');
      return;
    case 'office':
      yield unreadAttachment(isEncryptedOffice(bytes) ? 'encrypted' : 'unknown-format');
      return;
    case 'picture':
      yield unreadAttachment('no-text');
      return;
    case 'unknown':
      if (SIGNATURE_TYPES.has(type)) yield unreadAttachment('no-text');
      else yield unreadAttachment(isEncryptedCms(bytes) ? 'encrypted' : 'unknown-format');
  }
}

const SIGNATURE_TYPES = new Set(['application/pkcs7-signature', 'application/x-pkcs7-signature']);

/** MS-OFFCRYPTO §2.3.4: the names of streams are UTF-16. */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

function isEncryptedOffice(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(ENCRYPTED_PACKAGE);
}

async function* gzipPieces(
  bytes: Uint8Array,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: Math.max(1, budget.octetsLeft()) });
  } catch (error) {
    const tooLarge =
      error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    yield unreadAttachment(tooLarge ? 'too-large' : 'broken');
    return;
  }
  budget.takeOctets(unpacked.length);
  yield* readFile({ bytes: unpacked, type: '', depth: depth + 1 });
}

const MESSAGE_TYPES = new Set(['message/rfc822', 'message/global', 'message/news']);
const LOOKS_LIKE_MESSAGE = /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}/u;
const MESSAGE_FIELD = /^(?:received|return-path|from|mime-version|message-id|delivered-to):/imu;
const LOOKS_LIKE_HTML = /<(?:!doctype html|html|body|table|div)\b/iu;
const LOOKS_LIKE_XML = /^\s*<\?xml|^\s*<svg\b/u;
const PGP = /^-----BEGIN PGP MESSAGE-----/mu;
const CMS = /^-----BEGIN (?:CMS|PKCS7)-----/mu;
const UUENCODED = /^begin [0-7]{3,4} \S/mu;
const START = 4_096;

async function* textPieces(file: PackedFile, budget: Budget, readFile: ReadFile): AsyncGenerator<Piece> {
  const { bytes, type, charset, depth } = file;
  const { text, known } = decodeText(bytes, charset);
  const start = text.slice(0, START);
  if (MESSAGE_TYPES.has(type) || (LOOKS_LIKE_MESSAGE.test(start) && MESSAGE_FIELD.test(start))) {
    yield* messagePieces(bytes, depth + 1, budget, readFile);
    return;
  }
  if (isMbox(start)) {
    for (const message of messagesIn(bytes)) yield* messagePieces(message, depth + 1, budget, readFile);
    return;
  }
  if (isOfFoldedLines(start)) yield* piecesOfLines(text, depth, readFile);
  else yield { where: ATTACHMENT, text: readable(text, start, type) };
  if (!known) yield unreadAttachment('unknown-charset');
  if (PGP.test(text) || CMS.test(text)) yield unreadAttachment('encrypted');
  if (UUENCODED.test(text)) yield unreadAttachment('unknown-archive');
  if (start.startsWith('{\\rtf') || type === 'message/partial') yield unreadAttachment('unknown-format');
}

async function* piecesOfLines(text: string, depth: number, readFile: ReadFile): AsyncGenerator<Piece> {
  const lines = unfolded(text);
  yield { where: ATTACHMENT, text: lines };
  for (const bytes of encodedIn(lines)) yield* readFile({ bytes, type: '', depth: depth + 1 });
}

function readable(text: string, start: string, type: string): string {
  if (type === 'text/html' || LOOKS_LIKE_HTML.test(start)) return htmlText(text);
  if (!LOOKS_LIKE_XML.test(start)) return text;
  const inOneFile = officeTextInOneFile(text, start);
  const apart = xmlText(text, { borders: new Map(), border: ['\n', '\n'] });
  return inOneFile === null ? apart : `${inOneFile}\n${apart}`;
}
