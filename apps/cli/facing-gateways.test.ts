// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { headerIn } from '@securemail/mime';
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { missing, postfixIsThere } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import { startFacingGateways, type Side } from './testing/facing-gateways.ts';

const ROUNDS = 10;

/** What mail programs write who answers: they see whether it begins with `Re:`, and not what stands behind a tag. */
const answering = (subject: string | undefined): string =>
  subject === undefined ? 'Journal' : /^re:/i.test(subject) ? subject : `Re: ${subject}`;

describe('two gateways that face each other over Postfix servers', () => {
  if (!postfixIsThere()) {
    missing('Postfix, run by root,', 'apt install postfix');
    return;
  }
  let world: Awaited<ReturnType<typeof startFacingGateways>>;
  beforeAll(async () => {
    world = await startFacingGateways();
  });
  afterAll(() => world.close());

  async function send(
    { gateway, apiKey, person }: Side,
    to: string,
    { subject, text }: { subject: string; text: string },
    answers: string[],
  ) {
    const references = answers.join(' ');
    const response = await fetch(`${gateway.url}/v1/emails`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        from: person,
        to: [to],
        subject,
        text,
        ...(answers.length === 0
          ? {}
          : { headers: { 'In-Reply-To': answers.at(-1), References: references } }),
      }),
    });
    expect(response.status).toBe(202);
  }

  async function arrived({ mailboxes, person }: Side, text: string): Promise<Buffer> {
    for (;;) {
      const mail = mailboxes
        .received()
        .find(({ rcptTo, content }) => rcptTo.includes(person) && content.includes(text));
      if (mail !== undefined) return mail.content;
      await sleep(50);
    }
  }

  it('send, open, answer and open for ten rounds: each valid, each certificate holds, nothing grows', async () => {
    const trustAnchors = readCertificates(world.sides[0].authorityPem);
    const ids: string[] = [];
    const subjects: string[] = [];
    const sizes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [from, to] of [world.sides, world.sides.toReversed() as [Side, Side]]) {
        const text = `Round ${round + 1} from ${from.domain}.`;
        await send(from, to.person, { subject: answering(subjects.at(-1)), text }, ids.slice(-3));
        const mail = await arrived(to, text);
        const header = headerIn(mail);
        expect(header.get('X-SecureMail-Verdict')).toBe('valid');
        expect(header.get('X-SecureMail-Signer')).toBe(from.person);
        expect(header.get('X-SecureMail-Protection')).toBe('smime');
        ids.push(header.get('Message-ID') ?? '');
        subjects.push(header.get('Subject') ?? '');
        const found = await verifySignatureCertificate({ file: mail, trustAnchors, at: new Date() });
        expect(found.holds).toBe(true);
        // The one of whoever sent it is in the one of whoever received it.
        expect(
          found.certificates.map(({ holds, problems, facts }) => [
            holds,
            problems,
            facts?.organisation.domain,
          ]),
        ).toEqual([to.domain, from.domain].map((domain) => [true, [], domain]));
        const parsed = await simpleParser(mail);
        expect(parsed.text).toContain(text);
        sizes.push(mail.length);
      }
    }
    expect(subjects.slice(0, 4)).toEqual([
      '[Verified] Journal',
      'Re: [Verified] Journal',
      '[Verified] Re: Journal',
      'Re: [Verified] Re: Journal',
    ]);
    expect(subjects.slice(4)).toEqual(
      Array.from({ length: ROUNDS - 2 }, () => [
        '[Verified] Re: Journal',
        'Re: [Verified] Re: Journal',
      ]).flat(),
    );
    // The first has no mail before it to name.
    const later = sizes.slice(2);
    expect(Math.max(...later) - Math.min(...later)).toBeLessThan(2_000);
  });
});
