// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verificationText, verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { chromiumIsThere, missing, startChromium, type ReceivedMail } from '@securemail/testing';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Page } from 'playwright-core';
import { PEOPLE } from './world/demo-files.ts';
import { startDemoWorld, type DemoWorld } from './world/demo-world.ts';

interface View {
  state: string;
  recipients: {
    address: string;
    method: string;
    status: string;
    depositedAt: string;
    openedAt: string | null;
  }[];
}

const ROUNDS = 10;

if (chromiumIsThere()) {
  let folder: string;
  let world: DemoWorld;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'securemailbox-test-'));
    // Where root tests, Postgres is somebody else.
    await chmod(folder, 0o755);
    const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
    world = await startDemoWorld({
      dataDir: folder,
      bus: 'postgres',
      ...ports,
      mailbox: true,
      say: () => undefined,
    });
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const api = async (path: string, body?: object) => {
    const response = await fetch(`${world.gateway.url}${path}`, {
      headers: { Authorization: `Bearer ${world.apiKey}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as never;
  };
  const until = async (emailId: string, isSo: (view: View) => boolean): Promise<View> => {
    for (;;) {
      const view: View = await api(`/v1/emails/${emailId}`);
      if (isSo(view)) return view;
      await sleep(100);
    }
  };
  const arrived = async (server: DemoWorld['outside'], isIt: (mail: ReceivedMail) => boolean) => {
    for (;;) {
      const found = server.received().findLast(isIt);
      if (found !== undefined) return { envelope: found, mail: await simpleParser(found.content) };
      await sleep(100);
    }
  };

  /** Writes an answer with a file, and waits for what the case worker gets. */
  const answeredIn = async (page: Page, round: number) => {
    await page.getByRole('button', { name: 'Write an answer' }).click();
    await page.getByRole('textbox', { name: 'Your answer' }).fill(`Thank you, ${round}.`);
    await page.getByLabel('Attach files').setInputFiles({
      name: `proof ${round}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from(`proof ${round}`),
    });
    await page.getByRole('button', { name: `Remove proof ${round}.txt` }).waitFor();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('status').filter({ hasText: 'Your answer is sent' }).waitFor();
    return await arrived(world.ownMailServer, ({ content }) => content.includes(`Thank you, ${round}.`));
  };
  const answerSecurely = async ({ messageId = '', references = [] }: ParsedMail, round: number) => {
    const { emailId }: { emailId: string } = await api('/v1/emails', {
      from: `Anna Ager <${PEOPLE.anna}>`,
      to: [PEOPLE.stranger],
      subject: `Re: round ${round}.`,
      text: 'And once more.',
      headers: { 'In-Reply-To': messageId, References: [references, messageId].flat().join(' ') },
    });
    await until(emailId, ({ state }) => state === 'sent');
  };

  it('what nothing stronger can bring is left in SecureMailBox, told of, read there by who proves his address, and its sender told', async () => {
    const { emailId }: { emailId: string } = await api('/v1/emails', {
      from: `Anna Ager <${PEOPLE.anna}>`,
      to: [PEOPLE.stranger],
      subject: 'Decision in case 4711',
      text: 'Dear Kim, the secret answer is yes.',
      attachments: [
        {
          filename: 'decision.txt',
          contentType: 'text/plain',
          content: Buffer.from('granted').toString('base64'),
        },
      ],
    });
    const sent = await until(emailId, ({ state }) => state === 'sent');
    expect(sent.recipients).toMatchObject([
      { address: PEOPLE.stranger, method: 'mailbox', status: 'sent', openedAt: null },
    ]);
    const { envelope, mail } = await arrived(world.outside, ({ rcptTo }) => rcptTo.includes(PEOPLE.stranger));
    expect(envelope.mailFrom).toBe('securemail@demo.example');
    for (const secret of ['4711', 'secret', 'Anna', 'anna@', 'granted'])
      expect(envelope.content.toString()).not.toContain(secret);
    const receipt = await arrived(world.ownMailServer, ({ content }) => content.includes(emailId));
    expect(receipt.mail.text).toMatch(new RegExp(`${PEOPLE.stranger}\\s+.*SecureMailBox`));

    const browser = await startChromium();
    try {
      const context = await browser.newContext({ locale: 'en', acceptDownloads: true });
      const page = await context.newPage();
      await page.goto(/http:\S+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: 'Send me the code' }).click();
      const code = await arrived(world.outside, ({ content }) => content.includes('Your code for'));
      await page.getByRole('textbox').fill(/^ {2}(\d{6})$/m.exec(code.mail.text ?? '')?.[1] ?? '');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { level: 1, name: 'Decision in case 4711' }).waitFor();
      await page.getByText('the secret answer is yes').waitFor();
      await page.getByRole('link', { name: /^decision\.txt/ }).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: /^Signature certificate/ }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^Signature certificate.*\.pdf$/);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const answer = await answeredIn(page, round);
        expect(answer.envelope.mailFrom).toBe('securemail@demo.example');
        expect(answer.envelope.rcptTo).toEqual([PEOPLE.anna]);
        expect([answer.mail.subject, answer.mail.from?.text]).toEqual([
          'SecureMailBox message received',
          PEOPLE.stranger,
        ]);
        expect(answer.mail.headers.get('x-securemail-protection')).toBe('mailbox');
        expect(answer.mail.attachments.map(({ filename }) => filename)).toEqual([
          `proof ${round}.txt`,
          expect.stringMatching(/^Signature certificate.*\.pdf$/),
        ]);
        const found = await verifySignatureCertificate({
          file: answer.envelope.content,
          trustAnchors: readCertificates(world.paths.authorityPem),
          at: new Date(),
        });
        expect(found.holds).toBe(true);
        expect(verificationText(found, 'en').join('\n')).toContain('It was written in SecureMailBox.');
        await answerSecurely(answer.mail, round);
        await page.goto(`${new URL(page.url()).origin}/mailbox/messages`);
        await page.getByRole('link', { name: `Re: round ${round}.`, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: `Re: round ${round}.`, exact: true }).waitFor();
      }
      // All of it lies in one conversation.
      const entries = page.getByRole('list').filter({ hasText: 'The message above' }).locator('> li');
      expect(await entries.count()).toBe(1 + 2 * ROUNDS);
    } finally {
      await browser.close();
    }
    const opened = await until(emailId, ({ recipients }) => recipients[0]?.openedAt !== null);
    expect(Date.parse(opened.recipients[0]?.openedAt ?? '')).toBeGreaterThan(
      Date.parse(opened.recipients[0]?.depositedAt ?? ''),
    );
    // Taken back, once it was read.
    const { recipients }: View = await api(`/v1/emails/${emailId}/withdraw`, {});
    expect(recipients).toMatchObject([{ openedAt: opened.recipients[0]?.openedAt }]);
    const told = await arrived(
      world.ownMailServer,
      ({ content }) => content.includes(emailId) && content.includes('Taken back'),
    );
    expect(told.mail.text).toContain('It had been opened before.');
    // The sign-in is a story of its own, and none of an email.
    const { emails }: { emails: { emailId: string }[] } = await api('/v1/emails');
    expect(emails.map((each) => each.emailId)).toContain(emailId);
    expect(emails).toHaveLength(1 + 2 * ROUNDS);
  });

  it.each([
    ['for whom nothing is known', PEOPLE.newcomer],
    ['who has a certificate', PEOPLE.person],
  ])('somebody %s writes first, and finds the answer in the conversation', async (_, writer) => {
    const browser = await startChromium();
    try {
      const page = await (await browser.newContext({ locale: 'en' })).newPage();
      const site = world.settings.tenants[0]?.mailbox?.url ?? '';
      await page.goto(`${site}/mailbox/o/demo/write`);
      await page.getByRole('radio', { name: 'Building permits' }).check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('textbox', { name: 'Your mail address' }).fill(writer);
      await page.getByRole('button', { name: 'Send me a code' }).click();
      const code = await arrived(
        world.outside,
        ({ rcptTo, content }) => rcptTo.includes(writer) && content.includes('Your code for'),
      );
      await page
        .getByRole('textbox', { name: 'Code of six digits' })
        .fill(/^ {2}(\d{6})$/m.exec(code.mail.text ?? '')?.[1] ?? '');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('textbox', { name: 'Subject' }).fill('My garage');
      await page.getByRole('textbox', { name: 'Your message' }).fill('May I build one?');
      await page.getByRole('button', { name: 'Send the message' }).click();
      await page.getByRole('heading', { level: 1, name: 'Your message is sent' }).waitFor();
      const letter = await arrived(
        world.ownMailServer,
        ({ content }) => content.includes('May I build one?') && content.includes(writer),
      );
      expect(letter.envelope.rcptTo).toEqual([PEOPLE.colleague]);
      expect([letter.mail.subject, letter.mail.from?.text]).toEqual([
        'SecureMailBox message received',
        writer,
      ]);
      expect(letter.mail.headers.get('x-securemail-protection')).toBe('mailbox');
      const found = await verifySignatureCertificate({
        file: letter.envelope.content,
        trustAnchors: readCertificates(world.paths.authorityPem),
        at: new Date(),
      });
      expect(found.holds).toBe(true);
      const messageId = letter.mail.messageId ?? '';
      const expiresAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
      const { emailId }: { emailId: string } = await api('/v1/emails', {
        from: PEOPLE.colleague,
        to: [writer],
        subject: 'Re: My garage',
        text: 'You may.',
        expiresAt,
        headers: { 'In-Reply-To': messageId, References: messageId },
      });
      const { recipients } = await until(emailId, ({ state }) => state === 'sent');
      expect(recipients).toMatchObject([{ address: writer, method: 'mailbox' }]);
      await page.getByRole('link', { name: 'All messages' }).click();
      await page.getByText('One not read yet').waitFor();
      await page.getByRole('link', { name: 'Re: My garage' }).click();
      await page.getByText('You may.').waitFor();
      const end = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date(expiresAt));
      await page.getByRole('definition').filter({ hasText: end }).waitFor();
      await page.getByText('You to “Building permits”').waitFor();
    } finally {
      await browser.close();
    }
  });
} else missing('Chromium', 'apt-get install chromium');
