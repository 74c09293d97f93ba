// SPDX-License-Identifier: Apache-2.0
import { newEmailId } from '@securemail/contracts';
import { proofLog } from './proof-log.ts';

it('says once for each server and reason that it does not prove itself, until it does, and once a day', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = proofLog({ warn: (line: unknown) => void lines.push(line) }, () => now);
  const emailId = newEmailId();
  const saidOf = (server: string, reason: string) => {
    const before = lines.length;
    log.failed(server, reason, emailId);
    return lines.length - before;
  };
  expect(saidOf('one:25', 'tls-not-verified')).toBe(1);
  expect(lines).toEqual([{ host: 'one:25', reason: 'tls-not-verified', emailId }]);
  expect(saidOf('one:25', 'tls-not-verified')).toBe(0);
  expect(saidOf('one:25', 'tls-not-offered')).toBe(1);
  expect(saidOf('two:25', 'tls-not-verified')).toBe(1);
  now = 24 * 3_600_000 + 1;
  expect(saidOf('one:25', 'tls-not-verified')).toBe(1);
  log.proved('one:25');
  expect(saidOf('one:25', 'tls-not-verified')).toBe(1);
});
