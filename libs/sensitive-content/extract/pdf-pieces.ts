// SPDX-License-Identifier: Apache-2.0
import { getResolvedPDFJS } from 'unpdf';
import type { Budget } from './budget.ts';
import { ATTACHMENT, unreadAttachment, type Piece, type ReadFile } from './piece.ts';

type Pdf = Awaited<ReturnType<Awaited<ReturnType<typeof getResolvedPDFJS>>['getDocument']>['promise']>;
type Page = Awaited<ReturnType<Pdf['getPage']>>;

/** Loads PDF.js, which reads no file afterwards. */
export async function loadPdfReader(): Promise<void> {
  await getResolvedPDFJS();
}

/** The text of a PDF document with its form fields, notes and description, and the files that are attached to it. */
export async function* pdfPieces(
  bytes: Uint8Array,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  const { getDocument } = await getResolvedPDFJS();
  const task = getDocument({
    data: new Uint8Array(bytes), // PDF.js takes the buffer for itself.
    disableFontFace: true,
    useSystemFonts: false,
    isImageDecoderSupported: false,
    isOffscreenCanvasSupported: false,
    useWasm: false,
    maxImageSize: 1,
    verbosity: 0,
  });
  try {
    const pdf = await task.promise;
    yield* documentPieces(pdf, depth, budget, readFile);
  } catch (error) {
    yield unreadAttachment(
      error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'broken',
    );
  } finally {
    await task.destroy();
  }
}

async function* documentPieces(
  pdf: Pdf,
  depth: number,
  budget: Budget,
  readFile: ReadFile,
): AsyncGenerator<Piece> {
  const { info } = await pdf.getMetadata();
  yield {
    where: ATTACHMENT,
    text: Object.values(info)
      .filter((value) => typeof value === 'string')
      .join('\n'),
  };
  // A form of XFA, whose text is elsewhere than on the pages.
  if ('IsXFAPresent' in info && info.IsXFAPresent === true) yield unreadAttachment('unknown-format');
  // Its type forgets that there may be none.
  const outline = (await pdf.getOutline()) as Outline[] | null;
  yield { where: ATTACHMENT, text: titlesOf(outline ?? []).join('\n') };
  const pages = Math.min(pdf.numPages, budget.limits.pages);
  if (pages < pdf.numPages) yield unreadAttachment('too-large');
  const files = new Map<string, string>();
  for (const [id, { filename }] of (await pdf.getAttachments()) ?? []) files.set(id, filename);
  for (let number = 1; number <= pages; number += 1) {
    const page = await pdf.getPage(number);
    yield* pagePieces(page, files);
    page.cleanup();
  }
  for (const [id, name] of files) {
    if (!budget.takePart()) {
      yield unreadAttachment('too-many-parts');
      return;
    }
    yield { where: ATTACHMENT, text: name };
    const content = await pdf.getAttachmentContent(id);
    if (!(content instanceof Uint8Array)) yield unreadAttachment('broken');
    else if (budget.takeOctets(content.length))
      yield* readFile({ bytes: content, type: '', depth: depth + 1 });
    else yield unreadAttachment('too-large');
  }
}

/** @param files the names of attached files; those that hang on the page are added. */
async function* pagePieces(page: Page, files: Map<string, string>): AsyncGenerator<Piece> {
  const { items } = await page.getTextContent();
  const text = items.map((item, i) => ('str' in item ? shown(item, items[i - 1]) : '')).join('');
  yield { where: ATTACHMENT, text };
  if (!isReadable(text)) yield unreadAttachment('no-text');
  const notes = (await page.getAnnotations()) as Annotation[];
  yield { where: ATTACHMENT, text: notes.flatMap(spoken).join('\n') };
  for (const { fileId, file } of notes) if (fileId !== undefined) files.set(fileId, file?.filename ?? '');
}

interface Item {
  str: string;
  hasEOL: boolean;
  width: number;
  height: number;
}

/** A gap wider than the letters before it are high parts the cells of a table. */
function shown({ str, hasEOL, width }: Item, previous: object | undefined): string {
  const height = previous !== undefined && 'height' in previous ? Number(previous.height) : 0;
  const isGap = str === ' ' && height > 0 && width > height;
  return (isGap ? '\t' : str) + (hasEOL ? '\n' : '');
}

/** A bookmark. */
interface Outline {
  title: string;
  items: readonly Outline[];
}

function titlesOf(outlines: readonly Outline[]): string[] {
  return outlines.flatMap(({ title, items }) => [title, ...titlesOf(items)]);
}

/** What stands on a page beside its text, as PDF.js has it. */
interface Annotation {
  fileId?: string;
  file?: { filename: string };
  fieldValue?: unknown;
  alternativeText?: unknown;
  contentsObj?: { str?: unknown };
  url?: unknown;
}

function spoken({ fieldValue, alternativeText, contentsObj, url }: Annotation): string[] {
  return [fieldValue, alternativeText, contentsObj?.str, url]
    .flat()
    .filter((value): value is string => typeof value === 'string');
}

const UNREADABLE = /[\p{Cc}\p{Co}\p{Cn}\ufffd]/gu;

/** A scanned page has no text, and a font without a table of its characters gives characters that are none. */
function isReadable(text: string): boolean {
  const visible = text.replace(/\s+/gu, '');
  return visible.length > 0 && (visible.match(UNREADABLE)?.length ?? 0) * 4 < visible.length;
}
