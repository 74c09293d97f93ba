// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEmailId, type EmailId } from '@securemail/contracts';
import { parseVerifierKeys, verifyProofs } from '@securemail/ledger';
import { createApiKey } from '@securemail/service';
import { missing, pythonWithCryptography } from '@securemail/testing';
import { writeLedgerKey } from '../testing/ledger-key.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { accepted, BO, bounced, delivered, KIM, planned, started } from '../testing/story.ts';

const auditor = createApiKey('audit');
let folder: string;
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofs-test-'));
  const keyFile = await writeLedgerKey(folder);
  world = await openReceiptsWorld({
    moreKeys: { demo: [{ id: 'audit', sha256: auditor.sha256, scopes: ['audit'] }] },
  });
  // Nothing is signed by itself meanwhile.
  running = await world.start({ ledger: { origin: 'ledger.example', keyFile, checkpointSeconds: 3_600 } });
});
afterAll(async () => {
  await running.close();
  await world.close();
  await rm(folder, { recursive: true });
});

const publicKeys = async () => (await world.ask('/v1/ledger/key', {}, auditor.key)).text;
const verified = async (proofs: string) => verifyProofs(proofs, parseVerifierKeys(await publicKeys()));

async function told(): Promise<EmailId> {
  const emailId = newEmailId();
  await world.append(emailId, accepted({ to: [BO, KIM] }), planned([1, 2]), started(1, 2));
  await world.append(emailId, delivered(1), bounced(2));
  return emailId;
}
const attached = async (emailId: EmailId) => {
  const { attachments, text = '' } = await world.receiptMail(emailId);
  const proof = attachments.find(({ filename }) => filename === 'recorded.tlog-proof');
  return { proof: proof?.content.toString() ?? '', text };
};

it('a receipt has what proves each outcome, also over the API', async () => {
  const emailId = await told();
  const { proof, text } = await attached(emailId);
  expect(text).toContain('The attached proof shows');
  const verdict = await verified(proof);
  expect(verdict.faults).toEqual([]);
  expect(verdict.isVerified).toBe(true);
  const proven = verdict.proven.map(({ type, emailId: of }) => [type.split('.')[1], of]);
  expect(proven).toEqual([
    ['Delivered', emailId],
    ['Bounced', emailId],
  ]);
  const receipt = await world.until(`/v1/emails/${emailId}/receipt`, () => true);
  const overApi = await verified((receipt as unknown as { proof: string }).proof);
  expect(overApi).toMatchObject({ isVerified: true, proven: verdict.proven });
});

it('of a proof for another place in the ledger nothing is proven', async () => {
  const { proof } = await attached(await told());
  const touched = await verified(proof.replace(/^index (\d+)$/m, (_, index) => `index ${Number(index) + 1}`));
  expect(touched).toMatchObject({ isVerified: false, events: 1 });
});

const python = pythonWithCryptography();
if (python === null) missing('python3 with cryptography', 'apt-get install python3-cryptography');
else
  it('somebody verifies it who has nothing of ours but the specification', async () => {
    const { proof } = await attached(await told());
    await writeFile(join(folder, 'key'), await publicKeys());
    const program = join(import.meta.dirname, '../../../docs/audit/verify.py');
    const run = async (content: string) => {
      await writeFile(join(folder, 'recorded.tlog-proof'), content);
      const files = [join(folder, 'recorded.tlog-proof'), join(folder, 'key')];
      const { status, stdout } = spawnSync(python, [program, ...files], { encoding: 'utf8' });
      return { status, stdout };
    };
    const { status, stdout } = await run(proof);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^proven: securemail\.Delivered[^]*VERIFIED: 2 events, 0 faults\n$/),
    ]);
    for (const touched of [proof.slice(0, -4), proof.replace('extra e', 'extra f'), `${proof}x`])
      expect((await run(touched)).status).toBe(1);
  });
