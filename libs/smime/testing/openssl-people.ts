// SPDX-License-Identifier: Apache-2.0
import { softwareUnwrapper, type Unwrapper } from '../index.ts';
import { opensslWorkshop, type Identity } from './openssl-workshop.ts';

export const ENTITY = 'Content-Type: text/plain\r\n\r\nHello\r\n';
export const LONG = `Content-Type: text/plain\r\n\r\n${'A line of a longer text.\r\n'.repeat(10_000)}`;
/** Ways to cut what is read into chunks, octets. */
export const CUTS = [[64 * 1024], [1, 2, 3, 1000], [4097]];

/** People whose mail the `openssl` program makes: two with RSA keys, and Carol with one on P-256. */
export async function opensslPeople() {
  const workshop = await opensslWorkshop();
  const authority = await workshop.authority('Root');
  const extensions = 'subjectKeyIdentifier=hash\nkeyUsage=digitalSignature,keyEncipherment,keyAgreement\n';
  const [aske, bob, carol] = await Promise.all([
    workshop.issue(authority, { extensions, names: 'email:aske@a.example' }),
    workshop.issue(authority, { extensions }),
    workshop.issue(authority, { extensions, key: workshop.P_256 }),
  ]);
  return { workshop, authority, aske, bob, carol };
}

export const unwrapperOf = ({ keyPem, certificate }: Identity): Unwrapper =>
  softwareUnwrapper({ key: keyPem, certificate });
