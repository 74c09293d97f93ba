// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import type { Budget } from './budget.ts';
import { decodeText } from './decode-text.ts';
import { isOfficeText, isSilent, marksDocument, officeText } from './office-text.ts';
import { ATTACHMENT, unreadAttachment, type Piece, type ReadFile } from './piece.ts';
import { isSheetPart, sheetPieces } from './sheet-text.ts';

/**
 * The pieces of a ZIP archive: of an Office document (ECMA-376) or an OpenDocument its text, of others the files in it.
 * One file after the other is unpacked, and none whose declared size is more than is left of the limits; that no more
 * comes out than was declared is seen to by yauzl.
 */
export async function* zipPieces(
  bytes: Uint8Array,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    yield* entryPieces(zip, depth, budget, readFile);
  } catch {
    yield unreadAttachment('broken');
  }
}

async function* entryPieces(
  zip: ZipFile,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  yield { where: ATTACHMENT, text: zip.comment };
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    if (!budget.takePart()) {
      yield unreadAttachment('too-many-parts');
      break;
    }
    entries.push(entry);
  }
  const isDocument = entries.some(({ fileName }) => marksDocument(fileName));
  const sheets = new Map<string, string>();
  for (const entry of entries) {
    const name = entry.fileName;
    yield { where: ATTACHMENT, text: isDocument ? entry.comment : `${name}\n${entry.comment}` };
    const content = await unpack(zip, entry, budget);
    if (typeof content === 'string') yield unreadAttachment(content);
    else if (isDocument && isSheetPart(name)) sheets.set(name.toLowerCase(), decodeText(content).text);
    else if (isDocument && isOfficeText(name))
      yield { where: ATTACHMENT, text: officeText(name, decodeText(content).text) };
    else if (!isDocument || !isSilent(name)) yield* readFile({ bytes: content, type: '', depth: depth + 1 });
  }
  yield* sheetPieces(sheets);
}

async function unpack(
  zip: ZipFile,
  entry: Entry,
  budget: Budget,
): Promise<Buffer | 'encrypted' | 'unknown-archive' | 'too-large' | 'broken'> {
  if (entry.isEncrypted()) return 'encrypted';
  if (!entry.canDecodeFileData()) return 'unknown-archive';
  if (!budget.takeOctets(entry.uncompressedSize)) return 'too-large';
  try {
    return await buffer(await zip.openReadStreamPromise(entry));
  } catch {
    return 'broken';
  }
}
