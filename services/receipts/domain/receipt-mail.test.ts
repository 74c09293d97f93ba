// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { Address, Language, newEmailId, recipientId, type GuardNote } from '@securemail/contracts';
import { composeMessage, readHeader, type Composition } from '@securemail/mime';
import { missing } from '@securemail/testing';
import PostalMime from 'postal-mime';
import { deliveryStatus } from './delivery-status.ts';
import type { Email, Recipient, RecipientState } from './email.ts';
import type { LastReply } from './last-replies.ts';
import { isGivenBack, receiptMail, type ReceiptFacts } from './receipt-mail.ts';
import { OURS } from './unproven.ts';
import { sentenceFor } from './wording.ts';

const at = '2026-01-01T00:00:00.000Z';
const STATES: RecipientState[] = [
  { status: 'sent', at, reply: { code: 250, enhancedCode: '2.0.0' }, tls: null },
  { status: 'bounced', at, reply: { code: 550, enhancedCode: '5.1.1' }, failure: null },
  { status: 'held', at, because: 'mailbox-not-available' },
  { status: 'outcome-unknown', at, next: 'hold', nextAttemptAt: null },
  { status: 'expired', at, failure: 'timeout' },
];
const addressOf = (ordinal: number) => Address.parse(`someone-${ordinal}@citizen.example`);

const recipientIn = (state: RecipientState): Recipient => ({
  recipientId: recipientId(1),
  method: 'smime-personal',
  isPlanned: true,
  passedOver: [],
  attempts: 1,
  state,
  released: null,
  corrected: null,
  mayBeDuplicate: false,
  deposit: null,
  awaitsDeposit: false,
  settledFirst: null,
  openedAt: null,
});

interface Told {
  language?: Language;
  kind?: ReceiptFacts['kind'];
  guards?: readonly GuardNote[];
  sensitive?: boolean;
  /** The mail came from there. */
  cameFrom?: ReceiptFacts['cameFrom'];
  /** Ordinals of recipients. */
  blind?: readonly number[];
  replies?: Record<number, LastReply>;
  /** In place of the usual one. */
  addressed?: (ordinal: number) => Address;
  sentBy?: Address | null;
}

function mailFor(
  states: readonly RecipientState[],
  subject = 'Journal',
  messageId = '<original@demo.example>',
  {
    language = 'en',
    kind = 'final',
    guards = [],
    sensitive = false,
    cameFrom = null,
    blind = [],
    replies = {},
    addressed = addressOf,
    sentBy = null,
  }: Told = {},
) {
  const recipients = states.map((state, index) => ({
    ...recipientIn(state),
    recipientId: recipientId(index + 1),
  }));
  const email: Email = {
    emailId: newEmailId(),
    direction: 'outbound',
    acceptedAt: at,
    deadlineAt: at,
    recipients,
    receipt: null,
    receiptsUnderWaySince: null,
    deadlineMissed: false,
    delayToldAt: null,
    holds: 0,
    heldAt: null,
    holdEndsAt: null,
    decisions: 0,
    setbacks: 0,
    times: { holds: [], decisions: [], setbacks: [] },
    tries: { inVain: new Set(), holds: new Map() },
    told: { holds: 0, decisions: 0, setbacks: 0 },
    toldDecisions: null,
    reminders: 0,
    erasedAt: null,
  };
  return receiptMail({
    email,
    from: Address.parse('securemail@demo.example'),
    sender: Address.parse('anna@demo.example'),
    sentBy,
    cameFrom,
    subject,
    messageId,
    addresses: new Map(recipients.map(({ recipientId: id }, index) => [id, addressed(index + 1)])),
    given: new Map(),
    blind: new Set(blind.map(recipientId)),
    replies: new Map(
      Object.entries(replies).map(([ordinal, reply]) => [recipientId(Number(ordinal)), reply]),
    ),
    takeBack: new Map(),
    guards,
    sensitive,
    language,
    kind,
    at: new Date(at),
    receiptMessageId: '<receipt@demo.example>',
    keptUntil: new Date('2026-12-05T10:00:00Z'),
    original: null,
    isKeptBack: false,
    proof: null,
  });
}

describe('the receipt', () => {
  it('says in one line how it went, and then for each recipient', () => {
    const { subject, text = '', html = '' } = mailFor(STATES);
    expect(subject).toBe('Partly sent: Journal');
    expect(text).toMatch(/^Your mail was sent securely to some/);
    for (const body of [text, html]) {
      for (const ordinal of [1, 2, 3, 4, 5]) expect(body).toContain(addressOf(ordinal));
      for (const word of [
        'Sent 1 January 2026 at 00:00 UTC:',
        '550 5.1.1',
        'Held',
        'Perhaps sent',
        'gave up',
      ])
        expect(body).toContain(word);
    }
  });

  it('names addresses in letters for people, where that is safe, and as they are for machines', () => {
    const addressed = (ordinal: number) =>
      Address.parse(['søren@rød.example', 'bo@аррӏе.example', 'kim@blåbær.example'][ordinal - 1] ?? '');
    const states = STATES.slice(0, 3);
    const { text = '', html = '', report } = mailFor(states, 'Journal', undefined, { addressed, blind: [3] });
    for (const body of [text, html])
      for (const shown of ['søren@rød.example', 'bo@xn--80ak6aa92e.example', 'kim@blåbær.example'])
        expect(body).toContain(shown);
    expect(JSON.stringify(report)).toContain('ren@xn--rd-lka.example');
    expect(JSON.stringify(report)).not.toContain('rød.example');
    const [sentBy, address] = [addressed(1), addressed(3)];
    const others = mailFor(states, 'Journal', undefined, { sentBy, cameFrom: { address } }).text;
    expect(others).toContain('It was sent by søren@rød.example;');
    expect(others).toContain('It says that it is from kim@blåbær.example.');
  });

  it.each([
    ['host-not-found', 'does not exist'],
    ['null-mx', 'takes no mail'],
    ['too-large-for-server', 'larger than'],
    ['8bit-not-supported', 'plain ASCII only'],
    ['smtputf8-not-supported', 'outside ASCII'],
  ])('does not say that a server refused what it was never asked (%s)', (failure, words) => {
    const { text } = mailFor([{ status: 'bounced', at, reply: null, failure }]);
    expect(text).toContain(words);
    expect(text).not.toContain('refused');
  });

  it.each(Language.options)('names the zone of each time that it tells (%s)', (language) => {
    for (const kind of ['final', 'partial', 'reminder'] as const) {
      const { text = '', html = '' } = mailFor(STATES, 'Journal', undefined, { language, kind });
      for (const body of [text, html]) {
        const times = body.replaceAll(/[\da-f-]{36}/g, '').match(/\b2026\b.{0,16}/g) ?? [];
        expect(times).toHaveLength(4);
        for (const time of times) expect(time).toMatch(/\d\d[.:]\d\d UTC/);
      }
    }
  });

  it.each([
    ['en', /Check the address|Send it again/],
    ['da', /Tjek adressen|Send (den|mailen) igen/],
    ['de', /Prüfen Sie die Adresse|Senden Sie/],
  ] as const)('advises a postmaster to what he can do (%s)', (language, toSender) => {
    const states: RecipientState[] = [
      { status: 'bounced', at, reply: { code: 550, enhancedCode: '5.1.1' }, failure: null },
      { status: 'expired', at, failure: 'timeout' },
      { status: 'rejected', at, because: 'hold-ended', perhapsSent: false, by: null, reason: null },
    ];
    const told = (cameFrom: ReceiptFacts['cameFrom']) =>
      mailFor(states, 'Journal', undefined, { language, cameFrom }).text ?? '';
    expect(told(null)).toMatch(toSender);
    const postmaster = told({ address: Address.parse('bo@citizen.example') });
    expect(postmaster).not.toMatch(toSender);
    expect(postmaster.match(/GET \/v1\/emails\/[\da-f-]{36}\/events/g)).toHaveLength(states.length);
  });

  it.each([
    ['en', 'held for some', 'not sent', 'not known', 'still under way to some'],
    ['da', 'holdes tilbage for nogle', 'ikke sendt', 'vides det ikke', 'stadig undervejs til nogle'],
    ['de', 'zurückgehalten', 'nicht gesendet', 'nicht bekannt', 'zu einigen der Empfänger noch unterwegs'],
  ] as const)('says in one line how it stands while somebody is under way (%s)', (language, ...lines) => {
    const [sent, bounced, held, unknown] = STATES as [
      RecipientState,
      RecipientState,
      RecipientState,
      RecipientState,
    ];
    const underWay: RecipientState = { status: 'attempting', since: at };
    const lineOf = (...states: RecipientState[]) =>
      mailFor([...states, underWay], 'Journal', undefined, { language, kind: 'partial' }).text?.split(
        '\n',
      )[0];
    expect(lineOf(sent, bounced, held, unknown)).toContain(lines[0]);
    expect(lineOf(sent, bounced)).toContain(lines[1]);
    expect(lineOf(sent, unknown)).toContain(lines[2]);
    expect(lineOf(sent)).toContain(lines[3]);
  });

  it('says until when what is held is kept, and in a reminder that it still is', () => {
    const held: RecipientState = { status: 'held', at, because: 'no-certificate' };
    expect(mailFor([held]).text).toContain('Until 5 December 2026 at 10:00 UTC, then it is given up.');
    const { subject, text } = mailFor([held], 'Journal', undefined, { kind: 'reminder' });
    expect([subject, text?.split('\n')[0]]).toEqual([
      'Still held: Journal',
      'Your mail is still held for the recipients who are named below as held.',
    ]);
  });

  it.each(Language.options)('says what helps whom only SecureMailBox would reach (%s)', (language) => {
    const held: RecipientState = { status: 'held', at, because: 'mailbox-not-available' };
    const { text } = mailFor([held], 'Journal', undefined, { language });
    expect(text?.replaceAll(/\s+/g, ' ')).toMatch(
      /(has no SecureMailBox: ask|har ikke SecureMailBox: bed|hat kein SecureMailBox: bitten Sie) .*TLS/,
    );
  });

  it.each([
    ['en', 'Perhaps sent', 'It is not known whether your mail arrived.', 'Still not known'],
    ['da', 'Måske sendt', 'Det vides ikke, om din mail nåede frem.', 'Stadig uvist'],
    ['de', 'Vielleicht gesendet', 'Es ist nicht bekannt, ob Ihre Mail angekommen ist.', 'Weiterhin ungewiss'],
  ] as const)('never says that what may have arrived was not sent (%s)', (language, perhaps, line, still) => {
    const unknown: RecipientState = { status: 'outcome-unknown', at, next: 'hold', nextAttemptAt: null };
    const rejected = { status: 'rejected' as const, at, perhapsSent: true, reason: 'it is there' };
    const states: RecipientState[] = [
      unknown,
      { ...rejected, because: 'rejected-by-person', by: 'Ida Iversen' },
      { ...rejected, because: 'hold-ended', by: null },
    ];
    for (const state of states) {
      const { subject, text = '' } = mailFor([state], 'Journal', undefined, { language });
      expect([subject, text.split('\n')[0]]).toEqual([`${perhaps}: Journal`, line]);
      expect(text).toContain(`\n  ${perhaps}: `);
      expect(text).not.toMatch(/not sent|ikke sendt|nicht gesendet/i);
    }
    const reminder = mailFor([unknown], 'Journal', undefined, { language, kind: 'reminder' });
    expect(reminder.subject).toBe(`${still}: Journal`);
    expect(mailFor([unknown], 'Journal', undefined, { language }).text).toContain('2026');
    const partly = mailFor([STATES[0]!, unknown], 'Journal', undefined, { language });
    expect(partly.text).not.toMatch(/not to others|ikke til andre|an andere nicht/);
  });

  it.each([
    ['en', 'Released by Ida: Mistyped. Sent to b@x.example instead of a@x.example.', 'your administrator.'],
    [
      'da',
      'Frigivet af Ida: Mistyped. Sendt til b@x.example i stedet for a@x.example.',
      'din administrator.',
    ],
    [
      'de',
      'Freigegeben von Ida: Mistyped. Gesendet an b@x.example statt an a@x.example.',
      'Ihrem Administrator.',
    ],
  ] as const)('says who released it, why, and who it went to instead (%s)', (language, expected, nobody) => {
    const corrected = { address: 'b@x.example', given: 'a@x.example' };
    const release = { at, by: 'Ida', reason: 'Mistyped.' };
    const sent = { ...recipientIn(STATES[0]!), released: release, corrected: release };
    expect(sentenceFor(sent, language, { corrected })).toContain(`. ${expected}`);
    expect(sentenceFor(sent, language, { corrected }).split('Ida')).toHaveLength(2);
    // Another one let it go once more.
    const later = { at, by: 'Bo', reason: 'again' };
    expect(sentenceFor({ ...sent, released: later }, language, { corrected })).toMatch(
      /Ida: Mistyped\. .* Bo: again\. /,
    );
    // The email was erased.
    const erased = { ...sent, released: { at, by: null, reason: null }, corrected: null };
    expect(sentenceFor(erased, language)).toMatch(new RegExp(`${nobody}$`));
  });

  it('says what would help where there is no secure way', () => {
    const held = recipientIn({ status: 'held', at, because: 'no-secure-method' });
    const passedOver = [
      { method: 'smime-personal', because: 'no-certificate' },
      { method: 'mailbox', because: 'method-forbidden' },
    ] as const;
    expect(sentenceFor({ ...held, passedOver }, 'en')).toMatch(
      /^Held, not sent: there is no secure way to reach this recipient yet: ask the recipient for a signed mail, .* to allow you SecureMailBox\. It is kept safe;/,
    );
  });

  it.each([
    ['en', 'Only your administrator', 'with the recipient’s organisation', 'goes by itself'],
    ['da', 'kun din administrator', 'med modtagerens organisation', 'sendes den af sig selv'],
    ['de', 'nur Ihr Administrator', 'mit der Organisation des Empfängers', 'geht sie von selbst'],
  ] as const)(
    'says that it is not sent from here for want of proof, and who can mend that (%s)',
    (language, own, theirs, itself) => {
      const withheld = recipientIn({
        status: 'deferred',
        reply: null,
        failure: 'tls-not-verified',
        nextAttemptAt: at,
      });
      const outside = sentenceFor({ ...withheld, method: 'tls' }, language);
      expect(outside).toContain(theirs);
      expect(sentenceFor({ ...withheld, method: 'internal' }, language)).toContain(own);
      expect(sentenceFor({ ...withheld, method: null }, language, { fromOutside: newEmailId() })).toContain(
        itself,
      );
      const ended = recipientIn({ status: 'expired', at, failure: 'tls-not-offered' });
      expect(sentenceFor({ ...ended, method: 'internal' }, language)).toContain(own);
      for (const text of [outside, sentenceFor(ended, language)])
        expect(text).not.toMatch(
          /could not take|could not be reached|ikke tage imod|ikke nås|nicht annehmen|nicht erreichbar/,
        );
    },
  );

  it.each([
    ['en', /^Not sent: it was to be read in SecureMailBox until .+ Send it again with a later end\.$/],
    ['da', /^Ikke sendt: den skulle kunne læses i SecureMailBox indtil den .+ senere udløb\.$/],
    ['de', /^Nicht gesendet: Sie sollte in SecureMailBox bis zum .+ späteren Ende\.$/],
  ] as const)('says where its time was over before it could be sent (%s)', (language, sentence) => {
    const over = { ...recipientIn({ status: 'expired', at, failure: null }), method: 'mailbox' as const };
    const until = (endsAt: string) => sentenceFor({ ...over, deposit: { at, endsAt } }, language);
    expect(until(at)).toMatch(sentence);
    expect(until(new Date(Date.parse(at) + 1).toISOString())).not.toMatch(sentence);
  });

  it('says who rejected it, and why, or that nobody decided', () => {
    const rejected = { status: 'rejected' as const, at, perhapsSent: false };
    const { text } = mailFor([
      { ...rejected, because: 'rejected-by-person', by: 'Ida Iversen', reason: 'sent by letter' },
      { ...rejected, because: 'hold-ended', by: null, reason: null },
    ]);
    expect(text).toContain('Not sent: Ida Iversen decided so (sent by letter).');
    expect(text).toContain('nobody decided in time');
  });

  it('says what guards did, in the language that the organisation speaks', () => {
    const note = {
      guard: 'new-outsider',
      action: 'protect',
      title: 'En <udefra>',
      text: 'Ny: kim@citizen.example.',
    } as const;
    const { text, html } = mailFor(STATES.slice(0, 1), 'Journal', undefined, {
      language: 'da',
      guards: [note],
    });
    expect(text).toContain('En <udefra>\n  Ny: kim@citizen.example.\n\n');
    expect(html).toContain('<p><strong>En &lt;udefra&gt;</strong><br>Ny: kim@citizen.example.</p>');
  });

  it('answers the original in its thread, and can never be answered by a machine', async () => {
    const { header } = await readHeader(composeMessage(mailFor(STATES.slice(0, 1))));
    expect(header.get('In-Reply-To')).toBe('<original@demo.example>');
    expect(header.get('References')).toBe('<original@demo.example>');
    expect(header.get('Auto-Submitted')).toBe('auto-replied');
  });

  it.each([
    ['Sag 4711', 'Sag 4711'],
    ['Re: AW: Sag 4711', 'Sag 4711'],
    ['Møde 12:30: referat', 'Møde 12:30: referat'],
  ])('stands in its conversation in Outlook: %j', async (subject, topic) => {
    const { header } = await readHeader(composeMessage(mailFor(STATES.slice(0, 1), subject)));
    expect(header.get('Thread-Topic')).toBe(topic);
  });

  it('can be written whatever the sender put into subject and Message-ID', async () => {
    const { header } = await readHeader(composeMessage(mailFor(STATES, '<b>æ</b> & "co"', '<a b>\u0000')));
    expect(header.get('Subject')).toBe('Partly sent: <b>æ</b> & "co"');
    expect(header.get('In-Reply-To')).toBeUndefined();
  });

  it.each(Language.options)('is whole in %s, each sentence of its own', (language) => {
    const states: RecipientState[] = [
      ...STATES,
      { status: 'deferred', reply: { code: 450, enhancedCode: null }, failure: null, nextAttemptAt: at },
      ...OURS.flatMap((failure): RecipientState[] => [
        { status: 'deferred', reply: null, failure, nextAttemptAt: at },
        { status: 'expired', at, failure },
      ]),
      { status: 'outcome-unknown', at, next: 'send-again', nextAttemptAt: at },
      ...[false, true].flatMap((perhapsSent): RecipientState[] => [
        { status: 'rejected', at, because: 'rejected-by-person', perhapsSent, by: null, reason: null },
        { status: 'rejected', at, because: 'hold-ended', perhapsSent, by: null, reason: null },
      ]),
      { status: 'attempting', since: at },
    ];
    const { text = '', html = '' } = mailFor(states, '', undefined, { language });
    const sentences = text
      .split('\n\n')
      .slice(1, -1)
      .map((block) => block.split('\n  ')[1] ?? '');
    expect(new Set(sentences).size).toBe(states.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^\p{Lu}.+\.$/u);
    expect(html).toContain(`<html lang="${language}">`);
    // Nothing is loaded from anywhere, and nothing runs.
    expect(html).not.toMatch(/<(script|img|link|style|iframe)|https?:|url\(/i);
    for (const other of Language.options.filter((each) => each !== language)) {
      const theirs = mailFor(states, '', undefined, { language: other });
      expect(theirs.subject).not.toBe(mailFor(states, '', undefined, { language }).subject);
      for (const sentence of sentences) expect(theirs.text).not.toContain(sentence);
    }
  });

  it('does not repeat the subject of a mail in which something sensitive was found', async () => {
    const mail = mailFor(STATES, 'CPR 010203-1234', undefined, { sensitive: true });
    expect(mail.subject).toBe('Partly sent: (subject not shown)');
    expect((await buffer(composeMessage(mail))).toString()).not.toContain('010203');
  });

  it('tells its sender who got a blind copy, and keeps the header of the mail to what names nobody', () => {
    const mail = mailFor(STATES, 'Journal', undefined, { blind: [2] });
    expect(mail.text).toContain(`${addressOf(2)} (blind copy)\n`);
    expect(mail.text).toContain(`${addressOf(1)}\n`);
    expect(mail.report?.header.map(([name]) => name)).toEqual(['Message-ID', 'Subject']);
  });
});

const parsed = async (mail: Composition) => PostalMime.parse(await buffer(composeMessage(mail)));

describe('the report for machines', () => {
  const replies = {
    1: { at, nextHop: 'mx.citizen.example:25', text: 'queued' },
    2: { at, nextHop: 'mx.citizen.example:25', text: 'No such user\r\nX-Forged: 1' },
  };

  it('has the fields of RFC 3464 for each recipient, as programs read them', async () => {
    const { attachments, text, html } = await parsed(mailFor(STATES, 'Blåbær', undefined, { replies }));
    expect(text).toMatch(/^Your mail was sent/);
    expect(html).toContain('<table');
    expect(attachments.map(({ mimeType }) => mimeType)).toEqual([
      'message/delivery-status',
      'text/rfc822-headers',
    ]);
    const [status, header] = attachments.map(({ content }) => Buffer.from(content as ArrayBuffer).toString());
    expect(header?.trim().split(/\r?\n/)).toEqual([
      'Message-ID: <original@demo.example>',
      'Subject: =?UTF-8?Q?Bl=C3=A5b=C3=A6r?=',
    ]);
    const [message, ...recipients] = status!.trim().split(/\r?\n\r?\n/);
    expect(message!.split(/\r?\n/)).toEqual([
      'Reporting-MTA: dns; demo.example',
      'Arrival-Date: Thu, 01 Jan 2026 00:00:00 +0000',
    ]);
    expect(recipients.map((fields) => fields.split(/\r?\n/))).toEqual([
      [
        'Final-Recipient: rfc822; someone-1@citizen.example',
        'Action: relayed',
        'Status: 2.0.0',
        'Remote-MTA: dns; mx.citizen.example',
        'Diagnostic-Code: smtp; 250 2.0.0 queued',
        'Last-Attempt-Date: Thu, 01 Jan 2026 00:00:00 +0000',
      ],
      [
        'Final-Recipient: rfc822; someone-2@citizen.example',
        'Action: failed',
        'Status: 5.1.1',
        'Remote-MTA: dns; mx.citizen.example',
        'Diagnostic-Code: smtp; 550 5.1.1 No such user X-Forged: 1',
        'Last-Attempt-Date: Thu, 01 Jan 2026 00:00:00 +0000',
      ],
      ['Final-Recipient: rfc822; someone-3@citizen.example', 'Action: delayed', 'Status: 4.7.5'],
      ['Final-Recipient: rfc822; someone-4@citizen.example', 'Action: delayed', 'Status: 4.4.2'],
      ['Final-Recipient: rfc822; someone-5@citizen.example', 'Action: failed', 'Status: 4.4.7'],
    ]);
  });

  it('takes no code of a class that contradicts what a server did, and writes addresses in ASCII', () => {
    const bounced: RecipientState = {
      status: 'bounced',
      at,
      reply: { code: 550, enhancedCode: '2.0.0' },
      failure: null,
    };
    expect(mailFor([bounced]).report?.status[1]).toContainEqual(['Status', '5.0.0']);
    const [recipient] = [recipientId(1)];
    const addresses = new Map([[recipient, Address.parse('søren@citizen.example')]]);
    const email = { acceptedAt: at, recipients: [{ ...recipientIn(bounced), recipientId: recipient }] };
    expect(
      deliveryStatus(email, Address.parse('securemail@demo.example'), addresses, new Map())[1],
    ).toContainEqual(['Final-Recipient', 'utf-8; s\\x{F8}ren@citizen.example']);
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  if (!python) missing('python3', 'apt-get install python3');
  else
    it('is read by Python as a report of its three parts', async () => {
      const message = await buffer(composeMessage(mailFor(STATES, 'Journal', undefined, { replies })));
      const program = [
        'import email, email.policy, json, sys',
        'mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)',
        'words, status, header = mail.iter_parts()',
        'print(json.dumps([mail.get_content_type(), mail.get_param("report-type"), words.get_content_type(),',
        '  [dict(part.items()) for part in status.get_payload()], header.get_content_type(), len(mail.defects)]))',
      ].join('\n');
      const { stdout, stderr } = spawnSync('python3', ['-c', program], { input: message, encoding: 'utf8' });
      expect(stderr).toBe('');
      const [type, reportType, words, status, header, defects] = JSON.parse(stdout) as unknown[];
      expect([type, reportType, words, header, defects]).toEqual([
        'multipart/report',
        'delivery-status',
        'multipart/alternative',
        'text/rfc822-headers',
        0,
      ]);
      expect(status).toHaveLength(1 + STATES.length);
      expect(status).toMatchObject([
        { 'Reporting-MTA': 'dns; demo.example' },
        { Action: 'relayed' },
        { Status: '5.1.1' },
        {},
        {},
        {},
      ]);
    });
});

it('gives a mail back once, also where a report of long before is noted behind the decision', () => {
  const [reported, ended] = ['2026-01-01T00:00:00.000Z', '2026-01-07T00:00:00.000Z'];
  const recipients = [
    recipientIn({
      status: 'rejected',
      at: ended,
      because: 'hold-ended',
      perhapsSent: false,
      by: null,
      reason: null,
    }),
  ];
  const givenBackOnce = (decisions: number) =>
    isGivenBack(
      {
        recipients,
        times: { holds: [], decisions: [ended, reported], setbacks: [] },
        told: { holds: 0, decisions, setbacks: 0 },
      },
      1_000,
    );
  expect([0, 1, 2].map(givenBackOnce)).toEqual([true, true, false]);
});
