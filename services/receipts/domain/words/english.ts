// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

const ASK_FIRST = 'Ask the recipient before you send it again.';
const BROKE = 'the connection broke before the other side confirmed';
const asSentences = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
const inBrackets = (text: string | null) => (text === null || text === '' ? '' : ` (${text})`);

export const ENGLISH: Words = {
  headlines: {
    sent: { subject: 'Sent securely', line: 'Your mail was sent securely to everyone.' },
    'partly-sent': {
      subject: 'Partly sent',
      line: 'Your mail was sent securely to some of its recipients, and not to others.',
    },
    'partly-perhaps-sent': {
      subject: 'Partly sent',
      line: 'Your mail was sent securely to some of its recipients; whether it reached the others is not known of all of them.',
    },
    'perhaps-sent': { subject: 'Perhaps sent', line: 'It is not known whether your mail arrived.' },
    'not-sent': { subject: 'Not sent', line: 'Your mail was not sent.' },
    'still-held': {
      subject: 'Still held',
      line: 'Your mail is still held for the recipients who are named below as held.',
    },
    'still-perhaps-sent': {
      subject: 'Still not known',
      line: 'It is still not known whether your mail arrived, and nobody has decided yet whether it is sent again.',
    },
    'under-way': {
      subject: 'Still under way',
      line: 'Your mail is still under way to some of its recipients. We keep trying, and tell you how it ends.',
    },
    'partly-held': {
      subject: 'Partly held',
      line: 'Your mail is held for some of its recipients; to others it is still under way. We tell you how it ends.',
    },
    'partly-not-sent': {
      subject: 'Partly not sent',
      line: 'To some of its recipients your mail was not sent; to others it is still under way. We tell you how it ends.',
    },
    'partly-unknown': {
      subject: 'Partly not known',
      line: 'Of some of its recipients it is not known whether your mail arrived; to others it is still under way. We tell you how it ends.',
    },
    'deadline-missed': {
      subject: 'Late',
      line: 'Your mail did not reach all of its recipients in the promised time. We keep trying, and tell you how it ends.',
    },
    'not-delivered': {
      subject: 'Not delivered',
      line: 'A mail from outside could not be delivered to all of its recipients here. Nobody else was told.',
    },
    withdrawn: {
      subject: 'Taken back',
      line: 'Your mail was taken back from SecureMailBox, where that is said below.',
    },
    'read-by-another': {
      subject: 'Read by somebody else',
      line: 'Your mail was opened in SecureMailBox by somebody who then said that it was not for him. It is closed now, where that is said below; what was read or saved before stays so.',
    },
    declined: {
      subject: 'Not for who reads there',
      line: 'Your mail lay in SecureMailBox, and whoever reads at the address says that it is not for him. It was not opened, and is closed now.',
    },
    digest: { subject: 'Sent securely', line: 'These mails of yours were sent securely to everyone.' },
    'digest-not-all': {
      subject: 'NOT all sent',
      line: 'Of these mails of yours some did NOT reach everyone after all: they stand first. The others were sent securely.',
    },
  },
  methods: {
    internal: 'it stayed inside your organisation’s mail servers, over encrypted links',
    'smime-personal': 'signed and encrypted with S/MIME for the recipient',
    'smime-domain': 'signed and encrypted with S/MIME for the recipient’s organisation',
    tls: 'over a connection to the recipient’s mail server that was encrypted, and whose other end was verified',
    mailbox: 'it lies encrypted in SecureMailBox, where only the recipient can read it',
  },
  failures: {
    'host-not-found': 'the domain of the address does not exist',
    withdrawn: 'its sender took it back from SecureMailBox',
    'reported-later':
      'the recipient’s mail server took it, and reported later that it could not be delivered',
    'null-mx': 'the domain of the address takes no mail',
    'too-large-for-server': 'the message is larger than the recipient’s mail server takes',
    '8bit-not-supported':
      'the recipient’s mail server takes plain ASCII only, and the message must not be changed',
    'smtputf8-not-supported':
      'the recipient’s mail server does not take addresses with letters outside ASCII, such as æ',
  },
  ours: {
    'tls-not-verified': 'the recipient’s mail server does not prove that it is the right one',
    'tls-not-offered': 'the recipient’s mail server offers no encrypted connection',
    'tls-failed': 'no connection that is safe enough could be made to the recipient’s mail server',
    'tls-not-enforceable': 'nothing tells any more how the recipient’s mail server would prove who it is',
    'tls-lookup-failed': 'it could not be found out how the recipient’s mail server proves who it is',
    'authorities-unreadable': 'our settings for the recipient’s mail server can not be read',
    'route-unknown': 'our settings name no mail server for this recipient any more',
  },
  sent: (when, how, twice) =>
    `Sent ${when}${how === null ? '' : `: ${how}`}.${twice ? ' An earlier try may have arrived too, so it may be there more than once.' : ''}`,
  takeBack: 'Take it back',
  inMailbox: ({ deposited, notified, until, twice }) =>
    `It has been in SecureMailBox since ${deposited}, where only the recipient can read it, until ${until}. A mail that tells so was sent ${notified}${twice ? ', perhaps more than once' : ''}.`,
  withdrawn: (when, wasOpened) =>
    `Taken back ${when}. ${wasOpened ? 'It had been opened before.' : 'It had not been opened.'}`,
  declined: (when, opened, advice) =>
    opened === null
      ? `Closed ${when}: whoever reads at this address says in SecureMailBox that the message is not for them. It had not been opened. ${advice}`
      : `Read by somebody else: it was opened ${opened}, and whoever did so said ${when} that it was not for them. It can’t be read in SecureMailBox any more; what was read or saved before stays so. ${advice}`,
  opened: (when) => `The recipient opened it ${when}.`,
  notNotified: (why) => `the mail that tells of it in SecureMailBox could not be delivered: ${why}`,
  refused: (reply) => `the recipient’s mail server refused it${inBrackets(reply)}`,
  bounced: (why, advice) => `Not sent: ${why}. ${advice}`,
  expired: (why, advice) =>
    why === null
      ? `Not sent: the recipient’s mail server could not be reached for so long that we gave up. ${advice}`
      : `Not sent: ${why}, and that for so long that we gave up. ${advice}`,
  overBefore: (until) =>
    `Not sent: it was to be read in SecureMailBox until ${until}, and that was over before the recipient could be told of it. Send it again with a later end.`,
  held: (why, until) =>
    `Held, not sent: ${why}. It is kept safe; your administrator can release it once that is mended, or correct the address.${until === null ? '' : ` Until ${until}, then it is given up.`}`,
  holdEnded: (advice) => `Not sent: it was held, and nobody decided in time. ${advice}`,
  unknownEnded: `Perhaps sent: ${BROKE}, and nobody decided in time whether to send it again. ${ASK_FIRST}`,
  advice: {
    arrivedBefore:
      'An earlier try may have arrived all the same: ask the recipient before you send it again.',
    checkAddress: 'Check the address, or ask the recipient.',
    sendLater: 'Send it again later.',
    sendOnceSecure: 'Send it again once there is a secure way.',
    tellAdministrator: 'Only your administrator can mend that: please tell them.',
    askAdministrator:
      'Your administrator can look into it with the recipient’s organisation: please tell them.',
    goesByItself: (emailId) =>
      `The mail’s history (GET /v1/emails/${emailId}/events) names the server. Once that is mended, it goes by itself.`,
    lookIntoServer: (emailId) =>
      `The mail’s history (GET /v1/emails/${emailId}/events) names the server and what it said. Once that is mended, ask the sender, who was not told, to send it again.`,
    haveItSentAgain: (emailId) =>
      `The mail’s history (GET /v1/emails/${emailId}/events) says what stood in the way. Once that is mended, ask the sender, who was not told, to send it again.`,
  },
  released: (by, reason) =>
    asSentences(`Released by ${by ?? 'your administrator'}${reason === null ? '' : `: ${reason}`}`),
  heldAgain: 'After that it was held again.',
  correctedAway: 'Nothing was sent to this address: it was corrected to another one first.',
  corrected: (address, given, isSent) =>
    `${isSent ? 'Sent' : 'Addressed'} to ${address} instead of ${given}.`,
  rejected: (by, reason, perhaps) =>
    perhaps
      ? `Perhaps sent: ${BROKE}. ${by ?? 'Your administrator'} decided not to send it again${inBrackets(reason)}. ${ASK_FIRST}`
      : `Not sent: ${by ?? 'your administrator'} decided so${inBrackets(reason)}.`,
  unknown: (often, again, until) =>
    `Perhaps sent: ${BROKE}${often ? ', each time we tried' : ''}. ${again ? 'We try again, so it may arrive more than once.' : `Ask the recipient; your administrator can send it again.${until === null ? '' : ` Until ${until}, then it is left at that.`}`}`,
  deferred: (reply) =>
    `Not sent yet: the recipient’s mail server could not take it now${inBrackets(reply)}. We keep trying.`,
  withheld: (why, advice) =>
    `Not sent yet: ${why}, so the mail stays here. We keep trying, and tell you how it ends. ${advice}`,
  underWay: 'On its way.',
  blindCopy: 'blind copy',
  noSubject: '(no subject)',
  hiddenSubject: '(subject not shown)',
  sentBy: (from) =>
    `It was sent by ${from}; that address, or the mail itself, says that a list or a program is behind it, so you are told.`,
  cameFrom: (from) =>
    `It says that it is from ${from ?? 'nobody'}. Its sender was not told: anybody may use that address.`,
  attached: 'Your mail is attached.',
  notAttached:
    'Your mail is not attached: your mailbox forwards outside your organisation, where others might read it.',
  proven: 'The attached proof shows that this is what was recorded; who audits can verify it.',
  handedIn: (when, emailId) => `Handed in ${when}. Email id ${emailId}.`,
  andMore: (count) => `And ${count} more.`,
  listedAlone: 'This is said of the recipients whom this receipt lists, and of nobody else.',
  locale: 'en-GB',
};
