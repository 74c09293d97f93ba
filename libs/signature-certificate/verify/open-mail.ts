// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError, toCrlf, type Header } from '@securemail/mime';
import { openMessage, UnopenableMessageError, type LayerProblem, type Unwrapper } from '@securemail/smime';
import { UnverifiableError } from './finding.ts';
import { LIMITS } from './limits.ts';
import { hasOneMeaning, readEntity, type Entity } from './mime-tree.ts';

export interface OpenedMail {
  /** What is in all layers of S/MIME. */
  readonly entity: Entity;
  /** Of the message, and of its content where that protects fields of its own. */
  readonly headers: readonly Header[];
  /** Whether the layers have nothing else in them, which a mail program might show. */
  readonly intact: boolean;
}

const SOMETHING_ELSE: ReadonlySet<LayerProblem> = new Set([
  'more-parts',
  'signature-missing',
  'rubbish',
  'cut-off',
]);

/** One of these is in every mail; a file of other text may have lines that look like fields. */
const OF_A_MAIL = new Set(['from', 'date', 'message-id', 'received', 'mime-version', 'content-type']);

/**
 * Takes the layers of S/MIME off a mail; whether their own signatures hold is not looked at here.
 *
 * @throws UnverifiableError
 */
export async function openMail(mail: Buffer, unwrappers: readonly Unwrapper[]): Promise<OpenedMail> {
  try {
    const opened = await openMessage(toCrlf(once(mail)), { unwrappers, keep: collected });
    if (!opened.header.fields.some(({ name }) => OF_A_MAIL.has(name.toLowerCase())))
      throw new UnverifiableError('neither-mail-nor-pdf');
    const kept = readEntity(await canonical(opened.kept));
    const wrapped = opened.layers.length > 0 && kept.type.startsWith('message/') ? kept.parts[0] : undefined;
    const inner = opened.layers.length > 0 && opened.contentHeader !== null ? [opened.contentHeader] : [];
    const intact =
      hasOneMeaning(opened.header) &&
      opened.layers.every(({ problems }) => !problems.some((each) => SOMETHING_ELSE.has(each)));
    return { entity: wrapped ?? kept, headers: [opened.header, ...inner], intact };
  } catch (error) {
    if (error instanceof MalformedMessageError) throw new UnverifiableError('neither-mail-nor-pdf');
    if (!(error instanceof UnopenableMessageError)) throw error;
    throw new UnverifiableError(error.code === 'no-recipient' ? 'encrypted' : 'not-opened');
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  yield bytes;
}

async function collected(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of content) {
    octets += chunk.length;
    if (octets > LIMITS.mailOctets) throw new UnverifiableError('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What is in an encryption may have any line ends. */
async function canonical(content: Buffer): Promise<Buffer> {
  return await collected(toCrlf(once(content)));
}
