// SPDX-License-Identifier: Apache-2.0
import { decodeWords } from 'postal-mime';
import type { Place } from '../domain/findings.ts';
import { saysSubject } from '../domain/says-subject.ts';
import type { Budget } from './budget.ts';
import { decodeText } from './decode-text.ts';
import { unflowed } from './flowed.ts';
import { kindOf } from './kind-of.ts';
import { htmlText } from './markup-text.ts';
import { mimeTree, type Entity } from './mime-tree.ts';
import { ATTACHMENT, type Piece, type ReadFile } from './piece.ts';

const TEXT = new Set(['text/plain', 'text/html']);
const ENCODINGS = new Set(['', '7bit', '8bit', 'binary', 'quoted-printable', 'base64']);
const ANOTHER_PART = /^--\S[^]*^content-/imu;
const NOTHING = new Uint8Array();
const PGP = /^-----BEGIN PGP MESSAGE-----/mu;
const UUENCODED = /^begin [0-7]{3,4} \S/mu;

/**
 * The pieces of a message: its subject first, then its text, then what is attached.
 *
 * @param depth 0 for the mail itself; of a message within, everything is an attachment.
 */
export async function* messagePieces(
  message: Uint8Array,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  const placeOf = (place: Place) => (depth === 0 ? place : ATTACHMENT);
  let root: Entity;
  try {
    root = await mimeTree(message, 8 * budget.limits.depth);
  } catch (error) {
    const tooLarge = error instanceof Error && error.message.includes('header size');
    yield { where: depth === 0 ? 'message' : ATTACHMENT, because: tooLarge ? 'too-large' : 'too-deep' };
    return;
  }
  for (const { key, value } of root.headers) {
    if (saysSubject(key)) yield { where: placeOf('subject'), text: decodeWords(value) };
  }
  const attached: Entity[] = [];
  for (const entity of entitiesOf(root)) {
    if (!budget.takePart()) {
      yield { where: depth === 0 ? 'message' : ATTACHMENT, because: 'too-many-parts' };
      break;
    }
    yield* strays(entity, placeOf('text'));
    if (entity.isMultipart) yield* aroundParts(entity, placeOf('text'));
    else if (TEXT.has(entity.type) && !entity.isAttachment)
      yield* textPieces(entity, placeOf('text'), depth, readFile);
    else attached.push(entity);
  }
  for (const entity of attached) yield* attachmentPieces(entity, depth, readFile);
}

/** An entity and all that are in it, in the order of the mail. */
function* entitiesOf(entity: Entity): Generator<Entity> {
  yield entity;
  for (const part of entity.parts) yield* entitiesOf(part);
}

/** A header with lines that are no fields: programs disagree where its body begins. */
function* strays(entity: Entity, where: Place): Generator<Piece> {
  if (entity.strayLines.length === 0) return;
  yield { where, text: entity.strayLines.join('\n') };
  yield { where, because: 'broken' };
}

/** What stands before, behind, or in place of the parts of a multipart. */
function* aroundParts(entity: Entity, where: Place): Generator<Piece> {
  for (const bytes of [entity.bytes, entity.epilogue ?? NOTHING])
    yield { where, text: decodeText(bytes).text };
  // Parts that no boundary begins, or that come behind the last: programs disagree whether there are any.
  const isAmbiguous =
    entity.parts.length === 0 || ANOTHER_PART.test(decodeText(entity.epilogue ?? NOTHING).text);
  if (isAmbiguous) yield { where, because: 'broken' };
}

async function* textPieces(
  entity: Entity,
  where: Place,
  depth: number,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  const { text, known } = decodeText(entity.bytes, entity.charset);
  const isHtml = entity.type === 'text/html';
  yield {
    where,
    text: isHtml ? htmlText(text) : entity.flowed === null ? text : unflowed(text, entity.flowed),
  };
  if (!known || !ENCODINGS.has(entity.encoding)) yield { where, because: 'unknown-charset' };
  if (PGP.test(text)) yield { where, because: 'encrypted' };
  if (UUENCODED.test(text)) yield { where, because: 'unknown-archive' };
  yield* fileNames(entity);
  // What says that it is text and is not, is read as what it is.
  if (kindOf(entity.bytes) !== 'text') yield* readFile({ ...entity, depth });
}

async function* attachmentPieces(entity: Entity, depth: number, readFile: ReadFile): AsyncGenerator<Piece> {
  yield* fileNames(entity);
  if (!ENCODINGS.has(entity.encoding)) yield { where: ATTACHMENT, because: 'unknown-charset' };
  yield* readFile({ ...entity, depth });
}

function* fileNames({ fileNames }: Entity): Generator<Piece> {
  for (const name of fileNames) yield { where: ATTACHMENT, text: decodeWords(name) };
}
