// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address } from '@securemail/contracts';
import { createLogger } from '@securemail/telemetry';
import { MailRoute, type Tenant } from '../settings/tenant.ts';
import { openMailboxDirectory } from './mailbox-lists.ts';
import { ownRouteOf } from './own-route.ts';

const logger = createLogger('test', { level: 'silent' });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailbox-lists-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A tenant with a route for each list. */
async function tenantWith(...lists: string[]): Promise<Tenant> {
  const mailRoutes = await Promise.all(
    lists.map(async (list, index) => {
      const mailboxesFile = join(folder, `list-${index}`);
      await writeFile(mailboxesFile, `${list}\n`);
      return MailRoute.parse({ name: `route-${index}`, mailboxesFile, servers: [{ host: 'mail.example' }] });
    }),
  );
  return { id: 'demo', mailRoutes } as Pick<Tenant, 'id' | 'mailRoutes'> as Tenant;
}

const NFD = (text: string) => text.normalize('NFD');

it.each([
  ['Åse@rød.example', 'åse@xn--rd-lka.example'],
  ['åse@xn--rd-lka.example', 'Åse@Rød.example'],
  [NFD('åse@rød.example'), 'åse@rød.example'],
  ['åse@rød.example', NFD('Åse@rød.example')],
  ['\ufeff# ours\r\n\r\nåse@blåbær.example\r\n', NFD('åse@blåbær.example')],
  [NFD('åse@blåbær.example'), 'åse+news@xn--blbr-roah.example'],
])('a list with %j knows the mailbox %s', async (list, written) => {
  const tenant = await tenantWith('', list);
  const lists = await (await openMailboxDirectory([tenant], logger)).of(tenant);
  expect(ownRouteOf(Address.parse(written), tenant, lists)).toBe('route-1');
});

it('two lists that name one mailbox are refused, also where they write it in two ways', async () => {
  const tenant = await tenantWith('åse@rød.example', NFD('Åse@xn--rd-lka.example'));
  await expect(openMailboxDirectory([tenant], logger)).rejects.toThrow('that another list has, too');
});

it('a line that is no address stops the start, and is named by its number alone', async () => {
  const tenant = await tenantWith('bo@demo.example\nåse in rød.example\n');
  await expect(openMailboxDirectory([tenant], logger)).rejects.toThrow(/line 2 of .*list-0 is no address/);
});
