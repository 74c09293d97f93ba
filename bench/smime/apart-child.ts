// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Case } from './cases.ts';
import type { Contender, Prepared, Task } from './contender.ts';

export type Question =
  | ({
      readonly kind: 'prepare';
      readonly content: Uint8Array;
      readonly keyPem: string;
      /** Certificates in DER. */
      readonly signer: Uint8Array;
      readonly readers: readonly Uint8Array[];
      /** What is opened. */
      readonly message: Uint8Array;
    } & Case)
  | { readonly kind: 'once' }
  | { readonly kind: 'rate'; readonly seconds: number };
export type Answer = { readonly value: unknown } | { readonly failure: string };

let contender: Contender | null = null;
let prepared: Prepared | null = null;

process.on('message', (question: Question) => {
  answer(question)
    .then((value): Answer => ({ value }))
    .catch((error: unknown): Answer => ({ failure: error instanceof Error ? error.message : String(error) }))
    .then((message) => process.send?.(message))
    .catch(() => process.exit(1));
});

async function answer(question: Question): Promise<unknown> {
  if (question.kind === 'prepare') {
    prepared = null;
    contender ??= await contenderNamed(process.argv[2]);
    prepared = await contender.prepare(taskOf(question));
    return prepared !== null;
  }
  if (prepared === null) throw new TypeError('nothing is prepared');
  return question.kind === 'once' ? await prepared.once() : await prepared.rate(question.seconds);
}

async function contenderNamed(name: string | undefined): Promise<Contender> {
  if (name === 'forge') return (await import('./contenders/forge.ts')).forgeContender;
  if (name === 'openssl') return await (await import('./contenders/openssl.ts')).openssl();
  return (await import('./contenders/pkijs.ts')).pkijsContender;
}

process.once('disconnect', () => {
  void contender?.close();
});

/** With certificates that are no more than peers read of them, so that nothing of ours is in this process. */
function taskOf(question: Extract<Question, { kind: 'prepare' }>): Task {
  const certificate = (der: Uint8Array) => ({ der: Buffer.from(der), x509: new X509Certificate(der) });
  const message = Buffer.from(question.message);
  return {
    ...question,
    content: Buffer.from(question.content),
    cast: {
      key: createPrivateKey(question.keyPem),
      signer: certificate(question.signer),
      recipients: question.readers.map(certificate),
    } as unknown as Task['cast'],
    message: () => Promise.resolve(message),
  };
}
