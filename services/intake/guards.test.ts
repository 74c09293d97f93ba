// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TenantId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { httpClient, type Answer } from './testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from './testing/running-intake.ts';

let folder: string;
let mailboxes: string;
const started: RunningTestIntake[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guards-test-'));
  mailboxes = join(folder, 'mailboxes.csv');
  await writeFile(
    mailboxes,
    'PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,smtp:o@private.example\n',
  );
});
afterAll(async () => {
  await Promise.all(started.map((intake) => intake.close()));
  await rm(folder, { recursive: true, force: true });
});

async function start(tenant: object) {
  const intake = await startTestIntake({ relayFrom: ['127.0.0.1'], tenant });
  started.push(intake);
  const { postJson } = httpClient(intake);
  const server = {
    host: '127.0.0.1',
    port: intake.smtpPort,
    requireTLS: true,
    tls: { ca: intake.authorityPem },
  };
  const handing =
    (transport: ReturnType<typeof createTransport>) =>
    (
      id: string,
      to: string[],
      headers: Record<string, string> = {},
      attachments: SendMailOptions['attachments'] = [],
    ) =>
      transport.sendMail({
        from: 'anna@demo.example',
        to,
        subject: 'Sag 4711',
        text: 'x',
        messageId: `<${id}@demo.example>`,
        headers,
        attachments,
      });
  return {
    intake,
    /** Hands a mail of Anna in over REST, and gives what became of it. */
    post: async (to: string[], more: { answers?: string; secure?: boolean } = {}) => {
      const { answers, secure = false } = more;
      const answer = await postJson({
        from: 'anna@demo.example',
        to,
        subject: 'Sag 4711',
        text: 'x',
        secure,
        headers: answers === undefined ? {} : { 'In-Reply-To': `<${answers}@demo.example>` },
      });
      return { answer, event: (await intake.events()).at(-1)! };
    },
    /** Hands a mail in as an own mail server does, with a Message-ID of its own. */
    relay: handing(createTransport(server)),
    /** The same, signed in. */
    submit: handing(createTransport({ ...server, auth: { user: 'app', pass: intake.key } })),
    last: async () => (await intake.events()).at(-1)!,
  };
}

const guardsOf = ({ data }: { data: object }) =>
  (data as { guards: { guard: string; action: string; recipientIds: string[] }[] }).guards.map(
    ({ guard, action, recipientIds }) => [guard, action, ...recipientIds].join(' '),
  );
/** A mail that is attached to another, as mail programs and servers do it. */
const attaching = {
  one: (id: string) => ({ contentType: 'message/rfc822', content: written(id) }),
  inBase64: (id: string) => ({
    raw: `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(written(id)).toString('base64')}`,
  }),
  asFile: (id: string) => ({
    filename: 'Sag.eml',
    contentType: 'application/octet-stream',
    content: written(id),
  }),
  asFileWithEncodedName: (id: string) => ({
    raw: [
      'Content-Type: application/octet-stream; name="=?utf-8?B?U2FnIMOGcsO4LmVtbA==?="',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(written(id)).toString('base64'),
    ].join('\r\n'),
  }),
  answered: (id: string) => ({
    contentType: 'message/rfc822',
    content: written('elsewhere', [`References: <${id}@demo.example>`]),
  }),
  inAnother: (id: string) => ({
    contentType: 'message/rfc822',
    content: written('elsewhere', ['Content-Type: message/rfc822', '', written(id)]),
  }),
};
const written = (id: string, more: string[] = []) =>
  [`Message-ID: <${id}@demo.example>`, 'From: anna@demo.example', ...more, '', 'x', ''].join('\r\n');
const told = ({ body }: Answer) => [body['status'], body['type'], body['title'], body['detail']];

describe('guards at the intake', () => {
  it('protect an answer on a secure thread that nobody asked to protect, however it names the thread', async () => {
    const { relay, last } = await start({ whenNotAskedSecure: 'refuse', language: 'da' });
    const threadIndex = Buffer.alloc(22, 7).toString('base64');
    await relay('secure', ['bo@citizen.example'], { 'X-Send-Securely': 'true', 'Thread-Index': threadIndex });
    expect((await last()).data).toMatchObject({ secureBy: 'header', guards: [] });
    await expect(relay('other', ['bo@citizen.example'])).rejects.toThrow(/\[not-secure\]/);

    await relay('answer', ['bo@citizen.example'], { 'In-Reply-To': '<secure@demo.example>' });
    const answer = await last();
    expect(answer.data).toMatchObject({ secureBy: 'guard' });
    expect(guardsOf(answer)).toEqual(['secure-thread protect']);

    const longer = Buffer.concat([Buffer.alloc(22, 7), Buffer.alloc(5, 1)]).toString('base64');
    await relay('outlook', ['bo@citizen.example'], { 'Thread-Index': longer });
    expect(guardsOf(await last())).toEqual(['secure-thread protect']);

    await relay('answer to the answer', ['bo@citizen.example'], { References: '<answer@demo.example>' });
    expect(guardsOf(await last())).toEqual(['secure-thread protect']);
  });

  it('refuse it where the organisation wants that, and say so in its language', async () => {
    const { relay, last } = await start({ guards: { secureThread: 'refuse' }, language: 'da' });
    await relay('secure', ['bo@citizen.example'], { 'X-Send-Securely': 'true' });
    const answering = { 'In-Reply-To': '<secure@demo.example>' };
    await expect(relay('answer', ['bo@citizen.example'], answering)).rejects.toThrow(
      /550 5\.7\.1 Samtalen er sikker, men det var denne mail ikke: .* Tryk paa "Send sikkert", og send den igen\. \[secure-thread\]/,
    );
    const refused = await last();
    expect(refused).toMatchObject({ name: 'EmailRefused', data: { reason: 'secure-thread' } });
    expect(guardsOf(refused)).toEqual(['secure-thread refuse']);
    await relay('answer inside', ['ulla@demo.example'], answering);
    expect(guardsOf(await last())).toEqual([]);
    await relay('secure answer', ['bo@citizen.example'], { ...answering, Sensitivity: 'Private' });
    expect(await last()).toMatchObject({ name: 'EmailAccepted', data: { secureBy: 'sensitivity' } });
  });

  it('are all named in the answer to a mail that several of them refuse', async () => {
    const { relay } = await start({
      guards: { secureThread: 'refuse', newOutsider: 'refuse', forwardsOutside: 'allow' },
    });
    await relay('secure', ['ulla@demo.example'], { 'X-Send-Securely': 'true' });
    const refused = relay('answer', ['bo@citizen.example'], { 'In-Reply-To': '<secure@demo.example>' });
    const { response } = (await refused.then(
      () => ({ response: '' }),
      (error: unknown) => error,
    )) as { response: string };
    expect(response.split(/\r?\n/)).toEqual([
      expect.stringMatching(/^550-5\.7\.1 The conversation is secure, .* \[secure-thread\]$/),
      expect.stringMatching(
        /^550 5\.7\.1 Somebody outside joins .*: bo@citizen\.example\. .* \[new-outsider\]$/,
      ),
    ]);
  });

  it('protect a mail by which somebody outside joins an internal thread, and say who', async () => {
    const { relay, last } = await start({});
    await relay('internal', ['ulla@demo.example']);
    expect((await last()).data).toMatchObject({ secureBy: 'policy', guards: [] });
    await relay('joined', ['ulla@demo.example', 'bo@citizen.example'], {
      References: '<internal@demo.example>',
    });
    expect((await last()).data).toMatchObject({ secureBy: 'guard' });
    expect(guardsOf(await last())).toEqual(['new-outsider protect r2']);
    // From here on the thread is secure, and nobody is new any more.
    await relay('next', ['bo@citizen.example'], {
      References: '<internal@demo.example> <joined@demo.example>',
    });
    expect(guardsOf(await last())).toEqual(['secure-thread protect']);
  });

  it('take nobody for new who may have begun the thread where it was not seen', async () => {
    const { relay, last } = await start({ guards: { newOutsider: 'refuse' } });
    const asked = '<question@citizen.example>';
    await relay('opinion', ['ulla@demo.example'], { 'In-Reply-To': asked });
    await relay('answer', ['bo@citizen.example'], {
      References: `${asked} <opinion@demo.example>`,
    });
    expect(await last()).toMatchObject({ name: 'EmailAccepted', data: { guards: [] } });
  });

  it('know a secure or internal mail again that somebody hands in once more as it is', async () => {
    const { relay, last } = await start({});
    const resent = { 'Resent-From': 'anna@demo.example', 'Resent-To': 'bo@citizen.example' };
    await relay('secure', ['ulla@demo.example'], { 'X-Send-Securely': 'true' });
    await relay('secure', ['bo@citizen.example']);
    expect(guardsOf(await last())).toEqual(['secure-thread protect']);
    await relay('internal', ['ulla@demo.example']);
    // A server that splits a mail by its recipients: nobody has joined anything.
    await relay('internal', ['bo@citizen.example']);
    expect(guardsOf(await last())).toEqual([]);
    const answering = { References: '<internal-too@demo.example>' };
    await relay('internal-too', ['ulla@demo.example']);
    await relay('split', ['ulla@demo.example'], answering);
    await relay('split', ['bo@citizen.example'], answering);
    expect(guardsOf(await last())).toEqual(['new-outsider protect r1']);
    await relay('inside', ['ulla@demo.example']);
    await relay('inside', ['bo@citizen.example'], resent);
    expect(guardsOf(await last())).toEqual(['new-outsider protect r1']);
  });

  it('name the newcomer in the refusal over REST, which leaves the thread as it was', async () => {
    const { post, relay, last } = await start({ guards: { newOutsider: 'refuse' }, language: 'de' });
    await relay('internal', ['ulla@demo.example']);
    for (const _ of ['first', 'again']) {
      const { answer } = await post(['bo@citizen.example', 'BO@citizen.example'], {
        answers: 'internal',
      });
      expect(told(answer)).toEqual([
        422,
        '/errors/new-outsider',
        'Jemand von außen kommt zu einer internen Unterhaltung hinzu',
        expect.stringContaining('Unterhaltung: bo@citizen.example. Die Mail wurde nicht gesendet'),
      ]);
      expect(answer.body['guards']).toMatchObject([{ guard: 'new-outsider', action: 'refuse' }]);
    }
    const { event } = await post(['bo@citizen.example'], { answers: 'internal', secure: true });
    expect(event).toMatchObject({ name: 'EmailAccepted', data: { secureBy: 'api' } });
    expect(guardsOf(await last())).toEqual(['new-outsider protect r1']);
  });

  it('stop what a rule forwards outside of a secure thread, which else is taken for a loop', async () => {
    const { relay, submit, last } = await start({});
    await relay('secure', ['ola@demo.example'], { 'X-Send-Securely': 'true' });
    const { emailId } = await last();
    const byRule = { 'X-MS-Exchange-Inbox-Rules-Loop': 'ola@demo.example', 'X-SecureMail-Id': emailId };
    await expect(relay('secure', ['o@private.example'], byRule)).rejects.toThrow(
      /550 5\.7\.1 A rule forwards secure mail outside: .* \[auto-forwarded\]/,
    );
    await expect(relay('secure', ['o@private.example'], { 'X-SecureMail-Id': emailId })).rejects.toThrow(
      /\[mail-loop\]/,
    );
    await relay('other', ['o@private.example'], { 'X-MS-Exchange-Inbox-Rules-Loop': 'ola@demo.example' });
    expect(guardsOf(await last())).toEqual([]);
    // A server may sign in as well.
    await expect(submit('secure', ['o@private.example'], byRule)).rejects.toThrow(/\[auto-forwarded\]/);

    const protecting = await start({ guards: { autoForwarded: 'protect' } });
    await protecting.relay('secure', ['ola@demo.example'], { 'X-Send-Securely': 'true' });
    await protecting.relay('secure', ['o@private.example'], byRule);
    expect((await protecting.last()).data).toMatchObject({ secureBy: 'guard', direction: 'outbound' });
    expect(guardsOf(await protecting.last())).toContain('auto-forwarded protect');
  });

  it.each(Object.entries(attaching))(
    'know a secure mail that is attached to another: %s',
    async (_, attached) => {
      const { relay, last } = await start({ whenNotAskedSecure: 'refuse' });
      await relay('secure', ['ola@demo.example'], { 'X-Send-Securely': 'true' });
      await relay('open', ['ola@demo.example']);
      const byRule = {
        'X-MS-Exchange-Generated-Message-Source': 'Mailbox Rules Agent',
        'Auto-Submitted': 'auto-generated',
      };
      await expect(
        relay('by rule', ['o@private.example'], byRule, [attaching.one('unknown'), attached('secure')]),
      ).rejects.toThrow(/550 5\.7\.1 A rule forwards secure mail outside: .* \[auto-forwarded\]/);
      expect(guardsOf(await last())).toContain('auto-forwarded refuse');
      await expect(
        relay('another by rule', ['o@private.example'], byRule, [attached('unknown')]),
      ).rejects.toThrow(/\[not-secure\]/);

      await relay('by-hand', ['bo@citizen.example'], {}, [attached('secure')]);
      expect((await last()).data).toMatchObject({ secureBy: 'guard' });
      expect(guardsOf(await last())).toContain('secure-thread protect');
      await relay('answer', ['bo@citizen.example'], { 'In-Reply-To': '<by-hand@demo.example>' });
      await relay('internal', ['bo@citizen.example'], {}, [attached('open')]);
      expect(guardsOf(await last())).toEqual(['new-outsider protect r1']);
      await relay('inside', ['ulla@demo.example'], {}, [attached('secure')]);
      expect(guardsOf(await last())).toEqual([]);
    },
  );

  it('know an internal mail that is attached beside one that had outsiders, or within it', async () => {
    const { relay, last } = await start({ whenNotAskedSecure: 'refuse' });
    await relay('internal', ['ola@demo.example']);
    await relay('abroad', ['bo@citizen.example'], { 'X-Send-Securely': 'true' });
    const within = written('abroad', ['Content-Type: message/rfc822', '', written('internal')]);
    for (const [id, attached] of [
      ['beside', [attaching.one('abroad'), attaching.one('internal')]],
      ['before', [attaching.one('internal'), attaching.one('abroad')]],
      ['within', [{ contentType: 'message/rfc822', content: within }]],
    ] as const) {
      await relay(id, ['bo@citizen.example'], {}, [...attached]);
      expect(guardsOf(await last())).toContain('new-outsider protect r1');
    }
    await relay('alone', ['bo@citizen.example'], {}, [attaching.one('abroad')]);
    expect(guardsOf(await last())).toEqual(['secure-thread protect']);
  });

  it('know an internal thread beside one that had outsiders, also after a mail among colleagues was of both', async () => {
    const { relay, last } = await start({ guards: { newOutsider: 'refuse' } });
    await relay('internal', ['ulla@demo.example']);
    await relay('open', ['bo@citizen.example']);
    const ofBoth = { 'X-Forwarded-Message-Id': '<internal@demo.example> <open@demo.example>' };
    await expect(relay('both', ['lea@law.example'], ofBoth)).rejects.toThrow(/\[new-outsider\]/);
    await relay('between', ['ulla@demo.example'], ofBoth);
    for (const joined of ['internal', 'between'])
      await expect(
        relay(`joins ${joined}`, ['lea@law.example'], { 'In-Reply-To': `<${joined}@demo.example>` }),
      ).rejects.toThrow(/\[new-outsider\]/);
    await relay('goes on', ['bo@citizen.example'], { 'In-Reply-To': '<open@demo.example>' });
    expect(guardsOf(await last())).toEqual([]);
  });

  it('leave nothing of a mail that is refused for what is attached to it, nor of one with too much to be looked into', async () => {
    const { intake, relay } = await start({ guards: { secureThread: 'refuse' } });
    await relay('secure', ['ulla@demo.example'], { 'X-Send-Securely': 'true' });
    for (const attached of [
      [attaching.one('secure')],
      Array.from({ length: 201 }, () => attaching.one('unknown')),
    ])
      await expect(relay('by hand', ['bo@citizen.example'], {}, attached)).rejects.toThrow(
        /\[secure-thread\]/,
      );
    expect(await intake.contents()).toEqual({ readable: 1, unfinished: 0 });
  });

  it('know which mailboxes forward outside, as the list says now', async () => {
    const forwardingFiles = [mailboxes];
    const { post, last } = await start({ forwardingFiles });
    await post(['bo@citizen.example', 'OLA@demo.example'], { secure: true });
    expect(guardsOf(await last())).toEqual(['forwards-outside allow r2']);
    await post(['ola@demo.example']);
    expect(guardsOf(await last())).toEqual([]);

    const strict = await start({ forwardingFiles, guards: { forwardsOutside: 'refuse' } });
    const { answer } = await strict.post(['ola@demo.example'], { secure: true });
    const { answer: toDetail } = await strict.post(['ola+news@demo.example'], { secure: true });
    expect(toDetail.body['type']).toBe('/errors/forwards-outside');
    expect(told(answer)).toEqual([
      422,
      '/errors/forwards-outside',
      'A mailbox forwards outside your organisation',
      expect.stringContaining('Mail to ola@demo.example is forwarded outside'),
    ]);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    const replace = async (text: string) => {
      await writeFile(`${mailboxes}.new`, text);
      await utimes(`${mailboxes}.new`, anHourAgo, anHourAgo);
      await rename(`${mailboxes}.new`, mailboxes);
    };
    await replace('PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,\n');
    expect((await strict.post(['ola@demo.example'], { secure: true })).answer.status).toBe(202);
    await replace('nothing that can be read,\n\n');
    expect((await strict.post(['ola@demo.example'], { secure: true })).answer.status).toBe(202);
    await expect(start({ forwardingFiles })).rejects.toThrow(
      /mailboxes\.csv: it has no column for the mailbox/,
    );
  });

  it('take what the policy alone protects for secure, and refuse no answer that it protects as well', async () => {
    const list = join(folder, 'of-policy.csv');
    await writeFile(
      list,
      'PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,smtp:o@private.example\n',
    );
    const { intake, relay, last } = await start({
      forwardingFiles: [list],
      guards: { forwardsOutside: 'refuse', secureThread: 'refuse' },
    });
    await expect(relay('both', ['bo@citizen.example', 'ola@demo.example'])).rejects.toThrow(
      /\[forwards-outside\]/,
    );
    await relay('among colleagues', ['ulla@demo.example', 'ola@demo.example']);
    expect(guardsOf(await last())).toEqual([]);

    const answering = { 'In-Reply-To': '<first@demo.example>' };
    await relay('first', ['bo@citizen.example']);
    await relay('answer', ['bo@citizen.example'], answering);
    expect((await last()).data).toMatchObject({ secureBy: 'policy', guards: [] });
    await expect(relay('to ola', ['ola@demo.example'], answering)).rejects.toThrow(/\[forwards-outside\]/);
    const byRule = { 'X-MS-Exchange-Inbox-Rules-Loop': 'ulla@demo.example' };
    await expect(relay('first', ['u@private.example'], byRule)).rejects.toThrow(/\[auto-forwarded\]/);

    await appendChange(intake.pool, TenantId.parse('demo'), {
      version: 1,
      at: new Date(),
      by: 'Ida Iversen',
      keyId: null,
      reason: 'agreed',
      patches: { 'people/anna@demo.example': { whenNotAskedSecure: 'refuse' } },
    });
    const told = () => relay('insecure', ['bo@citizen.example'], answering).then(() => null, String);
    let refusal = await told();
    for (; refusal === null; refusal = await told()) await setTimeout(100);
    expect(refusal).toMatch(/\[secure-thread\]/);
  });

  describe('who look into the content', () => {
    const sensitiveContent = {
      rules: [
        { name: 'CPR-nummer', kind: 'cpr' },
        { name: 'fortroligt', kind: 'words', words: ['strengt fortroligt'] },
      ],
    };
    // The number by which the CPR office explains CPR numbers.
    const CPR = '070761-4285';
    const mail = {
      from: 'anna@demo.example',
      to: ['bo@citizen.example'],
      subject: 'Sag',
      text: 'x',
      secure: false,
    };
    const attached = (content: Buffer, filename: string) => ({
      attachments: [
        { filename, contentType: 'application/octet-stream', content: content.toString('base64') },
      ],
    });

    it('protect what meets a rule, in text and attachments, and tell which', async () => {
      const { intake, last } = await start({ whenNotAskedSecure: 'refuse', guards: { sensitiveContent } });
      const { postJson } = httpClient(intake);
      const findings = async (more: object) => {
        const { status, body } = await postJson({ ...mail, ...more });
        const { data, name } = await last();
        return status === 202
          ? [name, (data as { guards: { rules: string[] }[] }).guards.map(({ rules }) => rules)]
          : body['type'];
      };
      expect(await findings({ text: `Din datter, ${CPR}` })).toEqual(['EmailAccepted', [['CPR-nummer']]]);
      expect(await findings({ html: `<p>Strengt&nbsp;fortroligt</p>` })).toEqual([
        'EmailAccepted',
        [['fortroligt']],
      ]);
      expect(await findings(attached(Buffer.from(`navn;cpr\nBo;${CPR}\n`), 'liste.csv'))).toEqual([
        'EmailAccepted',
        [['CPR-nummer']],
      ]);
      expect(await findings({ text: 'Ring på 70 10 18 81' })).toBe('/errors/not-secure');
      // What stays inside needs nobody's asking.
      expect(await findings({ text: CPR, to: ['ulla@demo.example'] })).toEqual(['EmailAccepted', []]);
      expect(await findings({ text: CPR, secure: true })).toEqual(['EmailAccepted', []]);
      const accepted = (await intake.accepted())[0]!;
      expect(accepted.data).toMatchObject({ secureBy: 'guard' });
      expect(JSON.stringify(accepted.data)).not.toContain(CPR);
      // What was refused has left nothing.
      expect(await intake.contents()).toEqual({ readable: (await intake.accepted()).length, unfinished: 0 });
    });

    it('are heard, too, where another guard refuses the mail already', async () => {
      const { intake, relay } = await start({
        guards: { secureThread: 'refuse', sensitiveContent: { ...sensitiveContent, whenFound: 'refuse' } },
      });
      const { postJson } = httpClient(intake);
      await relay('secure', ['ulla@demo.example'], { 'X-Send-Securely': 'true' });
      const headers = { 'In-Reply-To': '<secure@demo.example>' };
      const { body } = await postJson({ ...mail, text: `Din datter, ${CPR}`, headers });
      expect(body['type']).toBe('/errors/secure-thread');
      expect(body['guards']).toMatchObject([
        { guard: 'secure-thread', action: 'refuse' },
        { guard: 'new-outsider', action: 'protect' },
        { guard: 'sensitive-content', action: 'refuse' },
      ]);
      expect(await intake.contents()).toEqual({ readable: 1, unfinished: 0 });
    });

    it('hide a subject that meets a rule in mail that is asked to be secure, and have no other say in it', async () => {
      const { intake, last } = await start({
        guards: { sensitiveContent: { ...sensitiveContent, whenFound: 'refuse', whenUnread: 'refuse' } },
      });
      const { postJson } = httpClient(intake);
      const accepted = async (more: object) => {
        expect((await postJson({ ...mail, secure: true, ...more })).status).toBe(202);
        const { data } = await last();
        const { hideSubject, guards } = data as { hideSubject: boolean; guards: unknown[] };
        expect(guards).toEqual([]);
        return hideSubject;
      };
      expect(await accepted({ subject: `Vedr. ${CPR}` })).toBe(true);
      expect(await accepted({ subject: 'Strengt fortroligt: sag' })).toBe(true);
      expect(await accepted({ headers: { Keywords: CPR } })).toBe(true);
      // Outlook keeps the first subject of a conversation there when somebody takes the number out of his answer's.
      expect(await accepted({ headers: { 'Thread-Topic': `Vedr. ${CPR}` } })).toBe(true);
      expect(await accepted({ headers: { 'X-Subject': CPR } })).toBe(true);
      expect(await accepted({ text: CPR })).toBe(false);
      expect(await accepted({ subject: `Vedr. ${CPR}`, to: ['ulla@demo.example'] })).toBe(false);
    });

    it('refuse it where the organisation wants that, and what they can not look into', async () => {
      const { intake, last } = await start({
        guards: { sensitiveContent: { ...sensitiveContent, whenFound: 'refuse', whenUnread: 'refuse' } },
        language: 'da',
      });
      const { postJson } = httpClient(intake);
      const answer = await postJson({ ...mail, subject: `Vedr. ${CPR}` });
      expect(told(answer)).toEqual([
        422,
        '/errors/sensitive-content',
        'Mailen indeholder følsomme oplysninger',
        expect.stringContaining('Fundet i mailen: CPR-nummer. '),
      ]);
      expect(JSON.stringify(answer.body)).not.toContain(CPR);
      expect(await last()).toMatchObject({ name: 'EmailRefused', data: { reason: 'sensitive-content' } });

      const locked = await postJson({ ...mail, ...attached(Buffer.from('Rar!\x1a\x07\x01\x00'), 'sag.rar') });
      expect(locked.body['detail']).toContain('noget, der ikke kan undersøges');
      const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
      expect((await postJson({ ...mail, ...attached(png, 'logo.png') })).status).toBe(202);
      expect(await intake.contents()).toEqual({ readable: 1, unfinished: 0 });
    });
  });

  it('see nothing of other organisations', async () => {
    const { relay, intake, last } = await start({});
    await relay('internal', ['ulla@demo.example']);
    await intake.sql(
      `update intake.threads set tenant_id = 'else'; update intake.thread_keys set tenant_id = 'else'`,
    );
    await relay('joined', ['bo@citizen.example'], { References: '<internal@demo.example>' });
    expect(guardsOf(await last())).toEqual([]);
  });
});
