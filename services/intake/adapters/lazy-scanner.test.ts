// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { lazyScanner } from './lazy-scanner.ts';

it('a mail does not wait for ever for those before it, and the next one is looked into', async () => {
  const scanner = lazyScanner({ processes: 1, timeoutMs: 1_500, waitMs: 500 });
  const rules = [{ name: 'words', kind: 'words' as const, words: ['fortroligt'] }];
  const mail = 'Subject: x\r\n\r\nStrengt fortroligt\r\n';
  async function* slowly() {
    yield Buffer.from(mail);
    await sleep(6_000, undefined, { ref: false });
  }
  const atOnce = () => Readable.from([Buffer.from(mail)]);
  const slow = expect(scanner.scan(slowly(), rules)).rejects.toThrow(/timeout|aborted/i);
  const behind = expect(scanner.scan(atOnce(), rules)).rejects.toThrow(/timeout|aborted/i);
  await Promise.all([slow, behind]);
  expect((await scanner.scan(atOnce(), rules)).found).toHaveLength(1);
  await scanner.close();
});
