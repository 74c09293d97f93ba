// SPDX-License-Identifier: Apache-2.0
import { readCertificates, type RevocationChecker } from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';
import { createReceivedCast, type ReceivedCast } from '../testing/received-cast.ts';
import { arrive } from '../testing/received-mail.ts';
import { detachedEntity, mail, TEXT } from '../testing/received/case.ts';

let cast: ReceivedCast;
beforeAll(async () => {
  cast = await createReceivedCast();
});
afterAll(() => cast.close());

// The people's certificates are made after this line.
const RECEIVED = new Date(Date.now() + 3_600_000);
const HOUR = 3_600_000;
const saying = (status: 'good' | 'unknown') =>
  ({ judge: () => Promise.resolve({ verdict: { status } }) }) as unknown as RevocationChecker;

it.each([
  ['before the mail was received, whatever its issuer says', -HOUR, 'good', 'invalid'],
  ['since, and its issuer says that it was good then', HOUR, 'good', 'valid'],
  ['since, and its issuer says nothing', HOUR, 'unknown', 'invalid'],
] as const)('a certificate that was found revoked %s', async (_, later, says, verdict) => {
  const name = 'good-by-list';
  const [certificate] = readCertificates(cast.revocable[name].certificatePem);
  const checkedAt = new Date(RECEIVED.getTime() + later);
  const checks = new Map([[certificate!.sha256, { status: 'revoked' as const, detail: '', checkedAt }]]);
  const directory: Directory = {
    ...cast.directory,
    stored: (who) => ({ ...cast.directory.stored(who), checks }),
  };
  const make = mail(
    detachedEntity(TEXT, (all) => all.revocable[name]),
    { fields: { from: `${name}@citizen.example` } },
  );
  const { data } = await arrive(await make(cast), {
    directory,
    revocation: saying(says),
    acceptedAt: RECEIVED,
    at: new Date(RECEIVED.getTime() + 2 * HOUR),
  });
  expect([data.verdict, data.reservations]).toEqual([
    verdict,
    verdict === 'valid' ? [] : ['certificate-revoked'],
  ]);
});
