// SPDX-License-Identifier: Apache-2.0
/** Run by a test: puts and gets a content of some megabytes; prints the process's peak memory in megabytes. */
import { newEmailId, TenantId } from '@securemail/contracts';
import { fileKeyEncryptionKey } from './file-key-encryption-key.ts';
import { postgresVault } from './postgres-vault.ts';

const [url = '', keyFile = '', megabytes = '1'] = process.argv.slice(2);
const { vault } = await postgresVault({ url, kek: await fileKeyEncryptionKey(keyFile) });
const owner = { emailId: newEmailId(), tenantId: TenantId.parse('acme') };

async function* content() {
  for (let sent = 0; sent < Number(megabytes) * 16; sent += 1) {
    await Promise.resolve();
    yield Buffer.alloc(65_536, sent);
  }
}

const ref = await vault.put(owner, content());
let size = 0;
for await (const piece of vault.get(owner, ref)) size += piece.length;
await vault.erase(owner.emailId);
await vault.close();
if (size !== Number(megabytes) * 1_048_576) throw new Error(`${size} octets came back`);
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));
