// SPDX-License-Identifier: Apache-2.0
import { describeResolver } from './resolver.contract.ts';
import { systemResolver } from './system-resolver.ts';

describeResolver('that of the operating system', ({ address, port }) =>
  systemResolver({ servers: [`${address}:${port}`], timeoutMs: 500, tries: 1 }),
);

it('proves nothing, and so knows of no TLSA records', async () => {
  const resolver = systemResolver();
  expect(resolver.validating).toBe(false);
  expect(await resolver.query('_25._tcp.mx.example', 'TLSA')).toMatchObject({ records: [], secure: false });
});
