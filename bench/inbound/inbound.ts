// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address, newEmailId, recipientId, TenantId } from '@securemail/contracts';
import { openReceived } from '@securemail/crypto';
import { PEOPLE } from '@securemail/cli/world';
import { revocationChecker } from '@securemail/smime';
import { openingIn, type Opening } from './opening.ts';
import { opensslPeer, type OpensslPeer } from './openssl-peer.ts';

export interface InboundOptions {
  rounds: number;
  bytes: number[];
  json: boolean;
}

interface Row {
  bytes: number;
  /** Opened, verified, marked, with its Signature certificate, stored. */
  wholeMs: number;
  /** The same without the certificate. */
  withoutCertificateMs: number;
  /** The peer: `openssl cms -decrypt`, then `-verify`, on the same mail. */
  opensslMs: number;
  /** The peer's processes that have nothing to do. */
  opensslStartMs: number;
  ratio: number;
}

/** `bench inbound`: how long opening a signed and encrypted mail takes, certificate and all, against openssl. */
export async function inbound({ rounds, bytes, json }: InboundOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-inbound-'));
  // Where we are root, Postgres runs as another user and has to reach its data.
  await chmod(folder, 0o755);
  const rows: Row[] = [];
  const opening = await openingIn(folder);
  try {
    for (const size of bytes) rows.push(await measure(opening, folder, size, rounds));
  } finally {
    await opening.close();
    await rm(folder, { recursive: true, force: true });
  }
  if (json) {
    console.log(JSON.stringify({ suite: 'inbound', cores: cpus().length, rounds, rows }));
    return;
  }
  console.log(`inbound: medians of ${rounds} rounds each, ${cpus().length} cores`);
  console.table(
    rows.map(({ bytes: size, ratio, ...times }) => ({
      bytes: size,
      ...Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms.toFixed(1)])),
      ratio: ratio.toFixed(2),
    })),
  );
}

async function measure(opening: Opening, folder: string, size: number, rounds: number): Promise<Row> {
  const peer = await opensslPeer(
    opening.paths,
    folder,
    randomBytes(Math.ceil((size * 3) / 4)).toString('base64'),
  );
  const file = join(folder, 'mail.eml');
  await writeFile(file, peer.message);
  const opened = { always: opener(opening, 'always', peer), never: opener(opening, 'never', peer) };
  const times = {
    whole: [] as number[],
    without: [] as number[],
    openssl: [] as number[],
    start: [] as number[],
  };
  for (let round = -3; round < rounds; round += 1) {
    const measured = {
      whole: await timed(opened.always),
      without: await timed(opened.never),
      openssl: await timed(() => peer.open(file)),
      start: await timed(() => peer.nothing()),
    };
    if (round >= 0)
      for (const [name, ms] of Object.entries(measured)) times[name as keyof typeof times].push(ms);
  }
  const [wholeMs, opensslMs] = [median(times.whole), median(times.openssl)];
  return {
    bytes: size,
    wholeMs,
    withoutCertificateMs: median(times.without),
    opensslMs,
    opensslStartMs: median(times.start),
    ratio: wholeMs / opensslMs,
  };
}

/** As crypto opens it: the content out of the vault, and into it, on the Postgres beside. */
function opener(
  { platform, settings, directory }: Opening,
  signatureCertificates: 'always' | 'never',
  { message }: OpensslPeer,
): () => Promise<void> {
  const revocation = revocationChecker();
  const policies = {
    ...platform.policies,
    of: (...whose: Parameters<typeof platform.policies.of>) => ({
      ...platform.policies.of(...whose),
      signatureCertificates,
    }),
  };
  return async () => {
    const owner = { emailId: newEmailId(), tenantId: TenantId.parse('demo') };
    const content = await platform.vault.put(owner, inChunks(message));
    const [event] = await openReceived(
      [{ recipientId: recipientId(1), address: Address.parse(PEOPLE.anna), disclosed: true }],
      {
        ...owner,
        channel: 'internet',
        mailFrom: Address.parse(PEOPLE.person),
        returnPath: Address.parse(PEOPLE.person),
        content,
        acceptedAt: new Date().toISOString(),
        deadlineAt: new Date().toISOString(),
        arrival: {
          tls: null,
          authentication: { spf: 'pass', dkim: [], dmarc: { result: 'pass', policy: null }, arc: 'none' },
          thread: 'new',
        },
        names: {
          client: '192.0.2.1',
          clientName: 'mx',
          receivedBy: 'gateway.example',
          spfDomain: null,
          dkimDomains: [],
          dmarcDomain: null,
        },
      },
      0,
      {
        platform: { ...platform, policies },
        settings,
        directory,
        revocation,
        forwardings: { of: () => Promise.resolve(() => false) },
        at: new Date(),
        progressed: () => undefined,
      },
    );
    if (event?.name !== 'EmailOpened' || event.data.verdict !== 'valid')
      throw new Error('the mail did not open as it should');
  };
}

/** As it comes from a connection. */
async function* inChunks(message: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < message.length; at += 65_536) {
    yield message.subarray(at, at + 65_536);
    await Promise.resolve();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
