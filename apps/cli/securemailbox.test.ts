// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verificationText, verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { chromiumIsThere, missing, startChromium, type ReceivedMail } from '@securemail/testing';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Browser, Page } from 'playwright-core';
import { PAGE_WORDS, type PageWords } from './testing/page-words.ts';
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

/** Every language of the pages, on a telephone and at a desk; each walk is of people of its own. */
/** Lines of quoted-printable end anywhere. */
const says = (content: Buffer, text: string): boolean =>
  content.toString('latin1').replaceAll('=\r\n', '').includes(text);
const CODE = /^ {2}(\d{6})\r?$/m;

const SIZES = [
  { at: 'phone', viewport: { width: 360, height: 740 } },
  { at: 'desktop', viewport: { width: 1280, height: 800 } },
];
const WALKS = (['en', 'da', 'de'] as const).flatMap((language) =>
  SIZES.map((size) => ({ language, words: PAGE_WORDS[language], ...size })),
);

if (chromiumIsThere()) {
  let folder: string;
  let world: DemoWorld;
  let browser: Browser;
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
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
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

  const newPage = async (language: string, viewport: { width: number; height: number }) => {
    const context = await browser.newContext({ locale: language, viewport, acceptDownloads: true });
    return await context.newPage();
  };
  const used = new Set<ReceivedMail>();
  /** The code that was mailed to that address since the last one was typed. */
  const codeFor = async (address: string) => {
    const { envelope, mail } = await arrived(
      world.outside,
      (each) =>
        !used.has(each) && each.rcptTo.includes(address) && CODE.test(each.content.toString('latin1')),
    );
    used.add(envelope);
    return CODE.exec(mail.text ?? '')?.[1] ?? '';
  };
  const typeCode = async (page: Page, words: PageWords, address: string) => {
    await page.getByRole('textbox', { name: words.code }).fill(await codeFor(address));
    await page.getByRole('button', { name: words.next }).click();
  };

  /** Writes an answer with a file, and waits for what the case worker gets. */
  const answeredIn = async (page: Page, words: PageWords, text: string) => {
    await page.getByRole('button', { name: words.beginAnswer }).click();
    await page.getByRole('textbox', { name: words.answer }).fill(text);
    const name = `proof of ${text}.txt`;
    await page
      .getByLabel(words.files)
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: words.remove(name) }).waitFor();
    await page.getByRole('button', { name: words.sendAnswer }).click();
    await page.getByRole('status').filter({ hasText: words.answered }).waitFor();
    return await arrived(world.ownMailServer, ({ content }) => says(content, text));
  };
  const sendSecurely = async (mail: object): Promise<string> => {
    const { emailId }: { emailId: string } = await api('/v1/emails', mail);
    await until(emailId, ({ state }) => state === 'sent');
    return emailId;
  };
  const inAnswerTo = ({ messageId = '', references = [] }: ParsedMail) => ({
    headers: { 'In-Reply-To': messageId, References: [references, messageId].flat().join(' ') },
  });
  const expectCertified = async (file: Buffer) => {
    const trustAnchors = readCertificates(world.paths.authorityPem);
    const found = await verifySignatureCertificate({ file, trustAnchors, at: new Date() });
    expect(found.holds).toBe(true);
    expect(verificationText(found, 'en').join('\n')).toContain('It was written in SecureMailBox.');
  };

  describe.each(WALKS)('in $language, $at', ({ language, at, words, viewport }) => {
    const reader = `kim.${language}.${at}@nowhere.example`;

    it('what nothing stronger can bring is read by who proves his address, answered ten times, found again, and taken back', async () => {
      const began = new Date().toISOString();
      const emailId = await sendSecurely({
        from: `Anna Ager <${PEOPLE.anna}>`,
        to: [reader],
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
      expect((await until(emailId, () => true)).recipients).toMatchObject([
        { address: reader, method: 'mailbox', status: 'sent', openedAt: null },
      ]);
      const { envelope, mail } = await arrived(world.outside, ({ rcptTo }) => rcptTo.includes(reader));
      expect(envelope.mailFrom).toBe('securemail@demo.example');
      for (const secret of ['4711', 'secret', 'Anna', 'anna@', 'granted'])
        expect(envelope.content.toString()).not.toContain(secret);
      const receipt = await arrived(world.ownMailServer, ({ content }) => content.includes(emailId));
      expect(receipt.mail.text).toMatch(new RegExp(`${reader}\\s+.*SecureMailBox`));

      // Receive.
      const page = await newPage(language, viewport);
      await page.goto(/http:\S+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: words.sendCode }).click();
      await typeCode(page, words, reader);
      await page.getByRole('heading', { level: 1, name: 'Decision in case 4711' }).waitFor();
      await page.getByText('the secret answer is yes').waitFor();
      await page.getByRole('link', { name: /^decision\.txt/ }).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: /^Signature certificate/ }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^Signature certificate.*\.pdf$/);

      // Reply, and be answered, as often as one likes.
      for (let round = 1; round <= ROUNDS; round += 1) {
        const text = `round ${round} ${language} ${at}`;
        const answer = await answeredIn(page, words, text);
        expect(answer.envelope.mailFrom).toBe('securemail@demo.example');
        expect(answer.envelope.rcptTo).toEqual([PEOPLE.anna]);
        expect([answer.mail.subject, answer.mail.from?.text]).toEqual([
          'SecureMailBox message received',
          reader,
        ]);
        expect(answer.mail.headers.get('x-securemail-protection')).toBe('mailbox');
        expect(answer.mail.attachments.map(({ filename }) => filename)).toEqual([
          `proof of ${text}.txt`,
          expect.stringMatching(/^Signature certificate.*\.pdf$/),
        ]);
        await expectCertified(answer.envelope.content);
        await sendSecurely({
          from: `Anna Ager <${PEOPLE.anna}>`,
          to: [reader],
          subject: `Re: round ${round}.`,
          text: 'And once more.',
          ...inAnswerTo(answer.mail),
        });
        const before = new URL(page.url()).pathname;
        await page.getByRole('link', { name: words.all }).click();
        // A conversation is called as it began, and leads to its newest message.
        await page
          .getByRole('link', { name: 'Decision in case 4711' })
          .and(page.locator(`:not([href="${before}"])`))
          .click();
        await page
          .getByRole('definition')
          .filter({ hasText: `Re: round ${round}.` })
          .first()
          .waitFor();
        await page.getByRole('heading', { level: 1, name: 'Decision in case 4711' }).waitFor();
      }
      // All of it lies in one conversation.
      const entries = page.getByRole('list').filter({ hasText: words.thisOne }).locator('> li');
      expect(await entries.count()).toBe(1 + 2 * ROUNDS);

      // Come back, in another browser, by the address alone.
      const later = await newPage(language, viewport);
      await later.goto(`${new URL(page.url()).origin}/mailbox/o/demo`);
      await later.getByRole('textbox', { name: words.address }).fill(reader);
      await later.getByRole('button', { name: words.sendCodeTo }).click();
      await typeCode(later, words, reader);
      await later.getByRole('heading', { level: 1, name: words.list }).waitFor();
      await later.getByText(words.until).first().waitFor();
      await later.getByRole('link', { name: 'Decision in case 4711' }).click();
      await later
        .getByRole('definition')
        .filter({ hasText: `Re: round ${ROUNDS}.` })
        .first()
        .waitFor();
      await later.getByRole('list').filter({ hasText: words.thisOne }).waitFor();
      await later.getByRole('link', { name: 'Decision in case 4711' }).click();
      await later.getByText('the secret answer is yes').waitFor();

      // Take back, once it was read.
      const opened = await until(emailId, ({ recipients }) => recipients[0]?.openedAt !== null);
      expect(Date.parse(opened.recipients[0]?.openedAt ?? '')).toBeGreaterThan(
        Date.parse(opened.recipients[0]?.depositedAt ?? ''),
      );
      const { recipients }: View = await api(`/v1/emails/${emailId}/withdraw`, {});
      expect(recipients).toMatchObject([{ openedAt: opened.recipients[0]?.openedAt }]);
      const told = await arrived(
        world.ownMailServer,
        ({ content }) => content.includes(emailId) && content.includes('Taken back'),
      );
      expect(told.mail.text).toContain('It had been opened before.');
      await later.goto(/http:\S+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '');
      await later.getByRole('heading', { level: 1, name: words.gone }).waitFor();
      // The sign-ins are stories of their own, and none of an email.
      const { emails }: { emails: { emailId: string }[] } = await api(
        `/v1/emails?limit=100&since=${encodeURIComponent(began)}`,
      );
      expect(emails.map((each) => each.emailId)).toContain(emailId);
      expect(emails).toHaveLength(1 + 2 * ROUNDS);
    });

    it.each([
      ['for whom nothing is known', `ida.${language}.${at}@nowhere.example`],
      ['who has a certificate', PEOPLE.person],
    ])('somebody %s writes first, and finds the answer in the conversation', async (_, writer) => {
      const page = await newPage(language, viewport);
      const site = world.settings.tenants[0]?.mailbox?.url ?? '';
      await page.goto(`${site}/mailbox/o/demo/write`);
      await page.getByRole('radio', { name: 'Building permits' }).check();
      await page.getByRole('button', { name: words.next }).click();
      await page.getByRole('textbox', { name: words.address }).fill(writer);
      await page.getByRole('button', { name: words.sendCodeTo }).click();
      await typeCode(page, words, writer);
      const text = `May I build one, ${writer} ${language} ${at}?`;
      await page.getByRole('textbox', { name: words.subject }).fill(`My garage ${language} ${at}`);
      await page.getByRole('textbox', { name: words.letter }).fill(text);
      await page.getByRole('button', { name: words.sendLetter }).click();
      await page.getByRole('heading', { level: 1, name: words.sent }).waitFor();
      const letter = await arrived(world.ownMailServer, ({ content }) => says(content, text));
      expect(letter.envelope.rcptTo).toEqual([PEOPLE.colleague]);
      expect([letter.mail.subject, letter.mail.from?.text]).toEqual([
        'SecureMailBox message received',
        writer,
      ]);
      expect(letter.mail.headers.get('x-securemail-protection')).toBe('mailbox');
      await expectCertified(letter.envelope.content);
      const expiresAt = new Date(Date.now() + 20 * 86_400_000);
      const emailId = await sendSecurely({
        from: PEOPLE.colleague,
        to: [writer],
        subject: `Re: My garage ${language} ${at}`,
        text: 'You may.',
        expiresAt: expiresAt.toISOString(),
        ...inAnswerTo(letter.mail),
      });
      expect((await until(emailId, () => true)).recipients).toMatchObject([
        { address: writer, method: 'mailbox' },
      ]);
      await page.getByRole('link', { name: words.all }).click();
      await page.getByText(words.unread).first().waitFor();
      await page.getByRole('link', { name: `My garage ${language} ${at}` }).click();
      await page.getByText('You may.').waitFor();
      const end = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long' });
      await page
        .getByRole('definition')
        .filter({ hasText: end.format(expiresAt) })
        .waitFor();
      await page.getByText(words.youTo('Building permits')).waitFor();
    });
  });
} else missing('Chromium', 'apt-get install chromium');
