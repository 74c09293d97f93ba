// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import type { ContentRef, EmailId } from '@securemail/contracts';
import type { Vault } from '@securemail/vault';
import { z } from 'zod';

const FileHead = z.object({
  name: z.string(),
  contentType: z.string(),
  /** As it was called where it was chosen. */
  chosenAs: z.string().default(''),
});
export type FileHead = z.infer<typeof FileHead>;

/** What the writer of an answer, or of a letter, sees of it. */
export const Said = z.object({
  /** Whom a letter is for, as it was called then; null: it is an answer, or nobody is chosen yet. */
  contact: z.object({ id: z.string(), name: z.string() }).nullable().default(null),
  /** Of a letter. */
  subject: z.string().default(''),
  text: z.string(),
  files: z.array(z.object({ name: z.string(), size: z.number() })),
});
export type Said = z.infer<typeof Said>;

const LF = 0x0a;

/** What a file is called, as it lies in the vault before its octets: a line of JSON. */
export const headAsContent = (head: FileHead): AsyncIterable<Buffer> =>
  Readable.from([Buffer.from(`${JSON.stringify(head)}\n`)]);

/** @param parts of a file, the first with what it is called. @throws as `Vault.get` */
export async function readHead(
  vault: Vault,
  owner: { emailId: EmailId },
  parts: readonly ContentRef[],
): Promise<FileHead> {
  const start: Buffer[] = [];
  for await (const chunk of allOf(vault, owner, parts)) {
    start.push(chunk);
    if (chunk.includes(LF)) break;
  }
  const bytes = Buffer.concat(start);
  return FileHead.parse(JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(LF))));
}

/** The octets of a file. @throws as `Vault.get` */
export async function* contentBehindHead(
  vault: Vault,
  owner: { emailId: EmailId },
  parts: readonly ContentRef[],
): AsyncGenerator<Buffer, void, void> {
  let isHead = true;
  for await (const chunk of allOf(vault, owner, parts)) {
    const end = isHead ? chunk.indexOf(LF) : -1;
    if (!isHead) yield chunk;
    else if (end >= 0) {
      isHead = false;
      yield chunk.subarray(end + 1);
    }
  }
}

async function* allOf(
  vault: Vault,
  owner: { emailId: EmailId },
  parts: readonly ContentRef[],
): AsyncGenerator<Buffer, void, void> {
  for (const part of parts) yield* vault.get(owner, part);
}

export async function readSaid(vault: Vault, owner: { emailId: EmailId }, ref: ContentRef): Promise<Said> {
  const chunks: Buffer[] = [];
  for await (const chunk of vault.get(owner, ref)) chunks.push(chunk);
  return Said.parse(JSON.parse(Buffer.concat(chunks).toString()));
}

export const saidAsContent = (said: z.input<typeof Said>): AsyncIterable<Buffer> =>
  Readable.from([Buffer.from(JSON.stringify(said))]);
