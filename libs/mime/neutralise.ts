// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import { harmlessHeader, harmlessName } from './harmless-header.ts';
import { harmlessHtml, htmlBudget, type HtmlBudget, type HtmlNotices } from './harmless-html.ts';
import { kindOf, type PartKind } from './part-kind.ts';
import { splitParts } from './split-parts.ts';

/** Messages in messages that are looked into. */
const DEEPEST = 8;

export interface Neutralising extends HtmlNotices {
  /** Random letters and digits that nobody knows who wrote the message: boundaries are made of it. */
  seed: string;
}

interface Found {
  /** HTML that every reader sees. */
  html: boolean;
  /** HTML that another part may stand for. */
  alternative: boolean;
  /** All else that is not left as it is. */
  other: boolean;
}

interface Rewriting extends Neutralising {
  found: Found;
  boundaries: number;
  html: HtmlBudget;
  /** Only what is found counts. */
  isTrial: boolean;
}

/**
 * Takes out of a message what may act when it is shown. Text, pictures and what programs only save stay octet for octet;
 * of HTML stays the markup of text and pictures within the mail: no style, no link, no script. All else, and all that
 * programs may read in different ways, becomes plain octets to be saved. Headers and delimiters are written anew, so that
 * every program finds the parts that were found here; what stands before and behind parts goes. For content of which
 * nobody knows whether somebody on the way has put it in (EFAIL, https://efail.de).
 *
 * Holds one HTML part at a time. Of HTML that is very long, or nested without end, only the words stay. The same for the same
 * seed.
 *
 * @param source a message or a MIME entity, CRLF lines.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* neutralised(
  source: AsyncIterable<Uint8Array>,
  neutralising: Neutralising,
): AsyncGenerator<Buffer, void, void> {
  const all = { ...neutralising, found: nothing(), boundaries: 0, html: htmlBudget() };
  yield* rewritten(source, { ...all, isTrial: false }, 0);
}

/** What there is in a message for `neutralised` to change; with `none-in-html` its notice stands nowhere that every reader sees. */
export async function activeParts(
  source: AsyncIterable<Uint8Array>,
): Promise<'none' | 'none-in-html' | 'in-html'> {
  const found = nothing();
  const none = { notice: '', asText: '', seed: '', boundaries: 0, html: htmlBudget() };
  const trial = rewritten(source, { ...none, found, isTrial: true }, 0);
  while ((await trial.next()).done !== true);
  if (found.html || (found.alternative && !found.other)) return 'in-html';
  return found.alternative || found.other ? 'none-in-html' : 'none';
}

const nothing = (): Found => ({ html: false, alternative: false, other: false });

interface Open {
  node: MimeNode;
  type: string;
  boundary: string;
  isStarted: boolean;
}

async function* rewritten(
  source: AsyncIterable<Uint8Array>,
  rewriting: Rewriting,
  depth: number,
): AsyncGenerator<Buffer, void, void> {
  const chunks = splitParts(source, 'whole');
  let next = await chunks.next();
  const open: Open[] = [];

  async function* contentOf(node: MimeNode): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      next = await chunks.next();
      if (next.done === true) return;
      const chunk = next.value;
      if (!isWithin(chunk.type === 'node' ? chunk : chunk.node, node)) return;
      yield chunk.type === 'node' ? chunk.getHeaders() : chunk.value;
    }
  }

  while (next.done !== true) {
    const node = next.value;
    if (node.type !== 'node') {
      next = await chunks.next();
      continue;
    }
    while (open.length > 0 && !isWithin(node, open.at(-1)?.node)) yield closing(open.pop(), rewriting.found);
    yield delimiter(open.at(-1));
    const part = kindOf(node);
    const isTooDeep = part.kind === 'message' && depth === DEEPEST;
    const kind = isTooDeep ? 'saved' : part.kind;
    note(rewriting.found, node, { ...part, kind }, { depth, open });
    switch (kind) {
      case 'multipart': {
        rewriting.boundaries += 1;
        const boundary = `=_${rewriting.boundaries}_${rewriting.seed}`;
        open.push({ node, type: part.type, boundary, isStarted: false });
        yield harmlessHeader(node, part, boundary);
        next = await chunks.next();
        break;
      }
      case 'message':
        yield harmlessHeader(node, part);
        yield* rewritten(contentOf(node), rewriting, depth + 1);
        break;
      case 'html':
        yield harmlessHeader(node, part);
        if (rewriting.isTrial) yield* contentOf(node);
        else yield await harmlessHtml(node, contentOf(node), rewriting, rewriting.html);
        break;
      case 'kept':
        yield harmlessHeader(node, part);
        yield* contentOf(node);
        break;
      case 'saved':
        yield harmlessHeader(node, { ...part, kind, type: 'application/octet-stream', value: '' });
        yield* contentOf(node);
        break;
    }
  }
  while (open.length > 0) yield closing(open.pop(), rewriting.found);
}

function note(
  found: Found,
  node: MimeNode,
  part: PartKind,
  { depth, open }: { depth: number; open: readonly Open[] },
): void {
  if (part.kind !== 'html') {
    found.other ||= part.kind === 'saved' || harmlessName(node, part).changed;
    return;
  }
  const isShown = depth === 0 && (node.disposition || 'inline') === 'inline';
  const isAlternative = open.some(({ type }) => type === 'multipart/alternative');
  if (!isShown) found.other = true;
  else if (isAlternative) found.alternative = true;
  else found.html = true;
}

function isWithin(node: MimeNode, other: MimeNode | undefined): boolean {
  for (let each: MimeNode | false = node; each !== false; each = each.parentNode)
    if (each === other) return true;
  return false;
}

function delimiter(around: Open | undefined): Buffer {
  if (around === undefined) return Buffer.alloc(0);
  const line = `${around.isStarted ? '\r\n' : ''}--${around.boundary}\r\n`;
  around.isStarted = true;
  return Buffer.from(line);
}

function closing(last: Open | undefined, found: Found): Buffer {
  if (last === undefined) return Buffer.alloc(0);
  // What stands in it no program shows, and is gone.
  found.other ||= !last.isStarted;
  return Buffer.from(`${last.isStarted ? '\r\n' : ''}--${last.boundary}--\r\n`);
}
