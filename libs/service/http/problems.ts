// SPDX-License-Identifier: Apache-2.0

export interface ProblemType {
  status: number;
  title: string;
  /** The SMTP reply that says the same: RFC 5321 code and RFC 3463 enhanced code. */
  smtp?: { code: number; enhancedCode: string };
  /** Seconds until another try makes sense, for the field `Retry-After` (RFC 9110 §10.2.3). */
  retryAfter?: number;
  what: string;
  remedy: string;
}

/** Every way in which a request or a mail is refused. docs/errors/ is written from it; a `type` never changes. */
export const PROBLEMS = {
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    what: 'The request says it is JSON and is not, or is cut off.',
    remedy:
      'Send one whole JSON object in UTF-8. A `Content-Length` that does not match the body has the same effect.',
  },
  'invalid-request': {
    status: 422,
    title: 'The request does not fit the schema',
    what: 'A field is missing, unknown, or not what it should be. `errors` lists every one by its path.',
    remedy: 'Compare with the schema at /openapi.json.',
  },
  'malformed-message': {
    status: 422,
    title: 'The message is not a mail',
    smtp: { code: 554, enhancedCode: '5.6.0' },
    what: 'The header cannot be read as RFC 5322 wants it: a broken field, a NUL, a line ended by a lone CR or LF, no header at all. In mail from outside broken fields are put in order, and only the others refused.',
    remedy: 'Send the message with CRLF line ends and a complete header.',
  },
  'invalid-address': {
    status: 422,
    title: 'An address cannot be used',
    smtp: { code: 553, enhancedCode: '5.1.3' },
    what: 'An address is not a mailbox by RFC 5321 §4.1.2. Quoted local parts and address literals are not taken.',
    remedy: 'Correct the address named in `errors`.',
  },
  'no-recipient': {
    status: 422,
    title: 'There is no recipient',
    smtp: { code: 554, enhancedCode: '5.5.1' },
    what: 'Neither to, cc nor bcc names anybody.',
    remedy: 'Name at least one recipient.',
  },
  'too-many-recipients': {
    status: 422,
    title: 'There are too many recipients',
    smtp: { code: 452, enhancedCode: '4.5.3' },
    what: 'One email may have at most as many recipients as the intake is set to take (1,000 by default).',
    remedy:
      'Send several emails. An SMTP client sends the rest in a further transaction by itself (RFC 5321 §4.5.3.1.10).',
  },
  'message-too-large': {
    status: 413,
    title: 'The message is too large',
    smtp: { code: 552, enhancedCode: '5.3.4' },
    what: 'The message is larger than the intake takes: 150 MB by default as message/rfc822 and over SMTP, 35 MB as JSON; or, of a mail from outside, larger than what the mail server of the organisation takes (less 256 KiB for what is added here).',
    remedy: 'Send large attachments as `message/rfc822`, which is streamed, or make the message smaller.',
  },
  'eight-bit-not-taken': {
    status: 422,
    title: 'The mail server of the recipient takes no 8-bit content',
    smtp: { code: 554, enhancedCode: '5.6.3' },
    what: 'A mail from outside has octets above 127, and the mail server of the organisation does not offer 8BITMIME (RFC 6152). Taken in, it could not be delivered.',
    remedy: 'Send the content as quoted-printable or base64.',
  },
  'smtputf8-not-taken': {
    status: 422,
    title: 'The mail server of the recipient takes no addresses beyond ASCII',
    smtp: { code: 553, enhancedCode: '5.6.7' },
    what: 'A mail from outside has an address beyond ASCII, and the mail server of the organisation does not offer SMTPUTF8 (RFC 6531). Taken in, it could not be delivered.',
    remedy: 'Use an address in ASCII.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content type is not taken here',
    what: 'An email is handed in as `application/json` or as `message/rfc822`, certificates as `application/x-pem-file`, `application/pkix-cert` or `application/x-pkcs7-certificates`, a part of an upload as `application/offset+octet-stream`.',
    remedy: 'Set `Content-Type` to one of them.',
  },
  'incomplete-message': {
    status: 400,
    title: 'The message did not arrive whole',
    what: 'The connection ended, or the body was shorter than its `Content-Length`. Nothing was accepted; only of an upload that can go on (tus), what came is kept, unless it had a checksum.',
    remedy:
      'Send it again, with the same Idempotency-Key; go on with an upload from where a `HEAD` says that it is.',
  },
  'request-timeout': {
    status: 408,
    title: 'The message came too slowly',
    what: 'Less than 30,000 octets of the body came within a minute. However long it takes beyond that, it is waited for. Nothing was accepted; only of an upload that can go on (tus), what came is kept, unless it had a checksum.',
    remedy:
      'Send it again, with the same Idempotency-Key; go on with an upload from where a `HEAD` says that it is.',
  },
  'idempotency-key-reused': {
    status: 409,
    title: 'The Idempotency-Key belongs to another request',
    what: 'The same key came with another body.',
    remedy: 'Use a new key for a new email; the same key only for the very same request.',
  },
  'invalid-idempotency-key': {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    what: 'A key is 1 to 256 visible ASCII characters.',
    remedy: 'Use for example a UUID.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid API key',
    smtp: { code: 535, enhancedCode: '5.7.8' },
    what: 'The request carries no API key, or one that is not known.',
    remedy: 'Send `Authorization: Bearer sm_…`. `securemail api-keys create` makes a key.',
  },
  forbidden: {
    status: 403,
    title: 'The API key does not allow this',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'The key is valid and lacks the scope that this call needs.',
    remedy: 'Use a key with the scope named in the detail.',
  },
  'sender-not-allowed': {
    status: 403,
    title: 'This sender is not allowed',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'The API key, or the mail server that hands the mail in, may not send as the sender of the envelope; or the key may not send as somebody whom `From`, `Sender`, `Resent-From` or `Resent-Sender` names.',
    remedy: 'Send as one of the addresses the key is made for, or extend its `senders`.',
  },
  'not-secure': {
    status: 422,
    title: 'The mail was not marked to be sent securely',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'The organisation lets only mail leave through this gateway that was asked to be sent securely.',
    remedy: 'Press *Send securely*, or set `secure` to true.',
  },
  'secure-thread': {
    status: 422,
    title: 'The conversation is secure, this mail was not',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A guard of the organisation refuses mail to somebody outside that goes on a conversation which was sent securely, or has mail of one attached, and was itself not asked to be. The detail is in the language of the sender.',
    remedy: 'Press *Send securely*, or set `secure` to true, and send it again.',
  },
  'new-outsider': {
    status: 422,
    title: 'Somebody outside joins an internal conversation',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A guard of the organisation refuses mail by which somebody outside joins a conversation that was internal until then; the detail says who.',
    remedy:
      'Take them out; or, if they may read all that was written before, press *Send securely*, or set `secure` to true, and send it again.',
  },
  'sensitive-content': {
    status: 422,
    title: 'The mail contains sensitive information',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A guard of the organisation found in the subject, the text or an attachment what one of its rules is about, or something that it could not look into, and nobody asked for the mail to be sent securely. The detail names the rules; nothing of the content was kept.',
    remedy: 'Press *Send securely*, or set `secure` to true, and send it again; or take it out.',
  },
  'forwards-outside': {
    status: 422,
    title: 'A mailbox forwards outside the organisation',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A guard of the organisation refuses secure mail to a mailbox of its own that forwards outside; the detail says whose.',
    remedy: 'Ask for the forwarding to be ended, or write to somebody else.',
  },
  'auto-forwarded': {
    status: 422,
    title: 'A rule forwards secure mail outside',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A mailbox forwards its mail outside by a rule or a setting, as its server wrote into the header, and this mail belongs to a secure conversation, or has mail of one attached.',
    remedy: 'Read the mail in the mailbox, and end the rule; or forward it by hand with *Send securely*.',
  },
  'mail-loop': {
    status: 422,
    title: 'The mail goes in circles',
    smtp: { code: 554, enhancedCode: '5.4.6' },
    what: 'The mail has more than 100 `Received` fields (RFC 5321 §6.3); or a mail server hands in what went through this gateway before, as its `X-SecureMail-Id` says: by a redirection, for example, or a route that leads back here; or it has gone through this gateway more than four times, whoever hands it in.',
    remedy:
      'Look at the `Received` fields for the servers that pass it on, and end the redirection or correct the route.',
  },
  'relaying-denied': {
    status: 422,
    title: 'Nobody here has such an address',
    smtp: { code: 550, enhancedCode: '5.7.1' },
    what: 'A mail server of others hands in a mail for a domain that is none of those that this gateway receives for.',
    remedy:
      'Look at the MX records of the domain. Own people hand in mail at the port for submission, signed in.',
  },
  'unknown-recipient': {
    status: 422,
    title: 'There is no such mailbox',
    smtp: { code: 550, enhancedCode: '5.1.1' },
    what: 'A mail server of others hands in a mail for a mailbox that the mail server of the organisation does not have.',
    remedy:
      'Correct the address. Where the mailbox is new: what its server said is remembered for five minutes.',
  },
  'too-many-connections': {
    status: 429,
    title: 'There are too many connections',
    smtp: { code: 421, enhancedCode: '4.7.0' },
    what: 'Mail servers of one network (IPv4 /24, IPv6 /64) may have 20 connections at a time by default.',
    remedy:
      'Nothing: a mail server tries again by itself. A filter in front of the gateway belongs into `intake.inbound.trustedNetworks`.',
  },
  'too-many-mails': {
    status: 429,
    title: 'There are too many mails in a minute',
    smtp: { code: 450, enhancedCode: '4.7.1' },
    what: 'Mail servers of one network (IPv4 /24, IPv6 /64) may hand in 300 mails a minute by default.',
    remedy:
      'Nothing: a mail server tries again by itself. A filter in front of the gateway belongs into `intake.inbound.trustedNetworks`.',
  },
  'too-many-unknown-recipients': {
    status: 429,
    title: 'Too many recipients were nobody here',
    smtp: { code: 421, enhancedCode: '4.7.0' },
    what: 'A network (IPv4 /24, IPv6 /64) has asked for more mailboxes that nobody has than are borne in an hour, 100 by default. Addresses are being tried out.',
    remedy: 'Take the addresses that were refused off the list. After an hour mail is taken again.',
  },
  'one-organisation-at-a-time': {
    status: 422,
    title: 'The recipients are of several organisations',
    smtp: { code: 452, enhancedCode: '4.5.3' },
    what: 'One transaction is for one organisation: this recipient is of another one than those before.',
    remedy:
      'Nothing: a mail server brings the rest in a further transaction by itself (RFC 5321 §4.5.3.1.10).',
  },
  'authentication-failed': {
    status: 422,
    title: 'The mail is not from where it says',
    smtp: { code: 550, enhancedCode: '5.7.26' },
    what: 'The mail fails DMARC, the domain in From asks that such mail be refused, and the organisation does so.',
    remedy: 'Send it by a server that SPF or DKIM of the domain names.',
  },
  'email-not-found': {
    status: 404,
    title: 'There is no such email',
    what: 'No email of this tenant has that id. An email that was accepted a moment ago appears within a second.',
    remedy: 'Check the id; after a 202 try again shortly.',
  },
  'email-set-aside': {
    status: 404,
    title: 'The email can not be shown yet',
    what: 'It was accepted, and is on its way; what shows emails could not deal with its first events. They are tried again by themselves, or wait as a dead letter for somebody who has that done.',
    remedy:
      'Wait, or have the dead letter that is named tried again once what stood in its way is mended. Nothing of the email is lost.',
  },
  'email-unreadable': {
    status: 500,
    title: 'What is kept of the email was changed',
    what: 'An event of the email is not what was recorded: a disk, a restore or somebody with rights changed it. So it is not shown, and no receipt is given of it; the detail names the events. Other emails are shown as ever.',
    remedy:
      'Compare with the ledger: `securemail audit export` has what was recorded. docs/operations/alerts.md#emailsunreadable says what to do.',
  },
  'email-not-held': {
    status: 404,
    title: 'Nothing of this email is held',
    what: 'No email of this tenant with that id waits for a decision: there is none, it was never held, or it was decided about already.',
    remedy: 'See what became of it at /v1/emails/{emailId}; /v1/held lists what is held.',
  },
  'recipient-not-held': {
    status: 409,
    title: 'A recipient is not held',
    what: 'A decision names a recipient who is not held, or not any more. Nothing was decided.',
    remedy: 'Look at /v1/held/{emailId}, and name those who are held, or nobody for all of them.',
  },
  'already-decided': {
    status: 409,
    title: 'Somebody else has decided',
    what: 'Another decision about the email was taken while this one was looked at. Nothing was decided twice.',
    remedy: 'Look at /v1/held/{emailId} again.',
  },
  'dead-letter-not-found': {
    status: 404,
    title: 'There is no such dead letter',
    what: 'No event of your organisation is kept under this number there: it never was, or was dealt with meanwhile.',
    remedy: 'List them again.',
  },
  'dead-letter-not-parked': {
    status: 409,
    title: 'The dead letter is tried already',
    what: 'The event is tried again by itself, or was just handed back by somebody.',
    remedy: 'Wait, and list them again: it goes away once it is dealt with.',
  },
  'email-not-ended': {
    status: 409,
    title: 'The email has not come to its end',
    what: 'What is to be erased is still needed: somebody is under way or held, the sender is still to be told, or it can be read in SecureMailBox.',
    remedy:
      'Wait until it is settled; decide about what is held; take back what lies in SecureMailBox. `GET /v1/emails/{emailId}` tells how it stands.',
  },
  'ledger-clock-ahead': {
    status: 409,
    title: 'The ledger has a time that is yet to come',
    what: 'You asked for what was recorded before a time. A clock of the gateway was ahead once, so the ledger has a later time (`recordedAt`) that is yet to come, and whatever is recorded until then has that time, too. What was recorded before the time that you ask for and what was recorded since can not be told apart: a file of that range would lack some of it and be verified.',
    remedy:
      'Export everything, or from a time on: leave out `to`. Replay an email to a `leaf`, or as it is now. A time before the one at which the clock was put ahead is answered as ever.',
  },
  'legal-hold': {
    status: 409,
    title: 'A legal hold forbids it',
    what: 'A person said that nothing may be erased that this legal hold covers, and this email is covered.',
    remedy: 'Ask who placed it (`GET /v1/legal-holds`); once it is lifted the email can be erased.',
  },
  'legal-hold-not-found': {
    status: 404,
    title: 'There is no such legal hold',
    what: 'No legal hold of your organisation has this id.',
    remedy: 'List them: `GET /v1/legal-holds?lifted=true`.',
  },
  'receipt-not-ready': {
    status: 404,
    title: 'There is no receipt yet',
    what: 'The email is still under way for at least one recipient, or a person has just decided about it.',
    remedy: 'Ask for the state of the email; the receipt follows when every recipient is settled.',
  },
  'no-receipt': {
    status: 404,
    title: 'Mail from outside has no receipt',
    what: 'The email came from outside: who wrote it is told nothing by us. There is a receipt only of what can not be delivered here; it goes to the postmaster.',
    remedy: 'Ask for the state of the email: it says whether it was delivered, and when.',
  },
  'webhook-not-found': {
    status: 404,
    title: 'There is no such webhook',
    what: 'No webhook of this organisation has that id, or no delivery of it; deliveries are kept for 30 days, if not set otherwise.',
    remedy: 'Take the id from the list.',
  },
  'webhook-refused': {
    status: 422,
    title: 'The webhook cannot be used',
    what: 'Its URL does not begin with https://, has a password in it, or lies in a private network; or the organisation has twenty webhooks already. Nothing was changed.',
    remedy:
      'Give a URL that is reached over the internet, or have the operator allow the network (`receipts.webhooks.allowNetworks`).',
  },
  'receipt-not-signed': {
    status: 406,
    title: 'Receipts are not signed here',
    what: 'A signed receipt was asked for (`Accept: application/jose`), and the operator has set no key that signs them.',
    remedy: 'Ask for it as `application/json`, or have `receipts.signing` set.',
  },
  'certificate-not-found': {
    status: 404,
    title: 'There is no such certificate',
    what: 'No certificate that this organisation uses has that SHA-256; or, where it is to be removed, none that is stored: what lies in the folder of the gateway is removed there.',
    remedy: 'Take the SHA-256 from the list.',
  },
  'certificates-refused': {
    status: 422,
    title: 'Certificates in the upload cannot be used',
    what: 'Something in the upload is damaged, expired, revoked, too weak, of an authority only, or names somebody else; `errors` says what and where. Nothing was stored.',
    remedy: 'Leave out what is refused, or ask its holder for a certificate that is valid.',
  },
  'settings-refused': {
    status: 422,
    title: 'The settings cannot be used',
    what: 'A setting is unknown or is not what it should be, contradicts another one, perhaps one that is inherited, or leaves no way in which anything could ever be sent. `errors` says for whom (`scope`), where (`path`) and why, with where each value comes from. Nothing was changed.',
    remedy:
      'Change what `errors` names, here or where the other value comes from; `dryRun=true` tells what a change would mean.',
  },
  'settings-changed': {
    status: 412,
    title: 'Somebody else has changed the settings',
    what: 'The settings of the organisation have another version than `If-Match` says; the detail says who changed something last. Nothing was changed.',
    remedy: 'Read the settings again, look at what changed, and send the change with the new version.',
  },
  'settings-scope-not-found': {
    status: 404,
    title: 'There is no such domain or person here',
    what: 'Settings are for the organisation, for one of its own domains, or for an address in one of them.',
    remedy: 'Compare with `tenants[].domains` of the configuration.',
  },
  'upload-too-large': {
    status: 413,
    title: 'The upload is too large',
    what: 'An upload of certificates may have 1 MB, a JSON request about held mail, recipients or settings 256 KB.',
    remedy: 'Upload fewer at a time; `securemail certificates import` takes lists of any length.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor cannot be used',
    what: 'A cursor is taken unchanged from `next` of the page before, with the same filters.',
    remedy: 'Begin again without a cursor.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    what: 'The path or the method is not part of the API.',
    remedy: 'See /openapi.json.',
  },
  'not-signed-in': {
    status: 401,
    title: 'Nobody is signed in here',
    what: 'The browser has no session, or one that has ended: after some time without use, after some hours in any case, or because it was ended elsewhere.',
    remedy: 'Sign in again: to SecureMailBox by the link in the notification or by the address.',
  },
  'proof-demanded': {
    status: 403,
    title: 'More has to be proven before this can be read',
    what: 'The organisation demands of who reads this message more than that the address is his. `proofs` says what: `openid-connect`, to sign in at the OpenID Connect provider of the organisation; `second-channel`, a code that comes as a text message. Until then nothing of the message is shown, in any form. `draftId`: of a letter under way that demands it.',
    remedy:
      'Prove it on the page of the message; the session goes on, and what was proven counts until it ends. Who can’t prove it any more may throw the letter away (`DELETE letters/draft`).',
  },
  'number-unknown': {
    status: 409,
    title: 'No mobile number is known',
    what: 'The organisation demands a code by text message (SMS) of who reads this, and has noted no mobile number for the address.',
    remedy: 'Ask the organisation to note the number (`secondChannel.numbersFile`).',
  },
  'second-channel-unavailable': {
    status: 503,
    title: 'The text message could not be sent',
    retryAfter: 60,
    what: 'The gateway for text messages (SMS) did not answer, or did not take the message. The log says why.',
    remedy: 'Try again in a while.',
  },
  'cross-site': {
    status: 403,
    title: 'The request comes from another site',
    what: 'A browser says that a page elsewhere made it, and not SecureMailBox or the console. Nothing was done.',
    remedy: 'Use the pages of SecureMailBox, or of the console, themselves.',
  },
  'link-not-found': {
    status: 404,
    title: 'This link leads nowhere',
    what: 'No message belongs to it: it is cut off, or what it led to is gone.',
    remedy: 'Copy the whole link from the notification, or sign in by the address.',
  },
  'mailbox-message-not-found': {
    status: 404,
    title: 'There is no such message in SecureMailBox',
    what: 'Who is signed in has no message of that id, or no such part of it.',
    remedy: 'See the list of messages.',
  },
  'not-in-mailbox': {
    status: 404,
    title: 'Nothing of this email lies in SecureMailBox',
    what: 'There is no such email of a sender whom the key is for, it went another way, or it is not there yet.',
    remedy: 'See the email: a recipient whose `method` is `mailbox` has a `depositedAt` once it lies there.',
  },
  'draft-not-found': {
    status: 404,
    title: 'There is no such answer under way',
    what: 'It was never begun by who is signed in, was thrown away, or lay for a day without a change.',
    remedy: 'Begin it once more; what was sent before is in the conversation.',
  },
  'draft-being-sent': {
    status: 409,
    title: 'What was written is being sent',
    what: 'Somebody sends it at this moment, or a process ended while it did. Nothing of it changes meanwhile.',
    remedy: 'Wait two minutes. Then it was sent, and lies in the conversation, or it can be changed again.',
  },
  'draft-changed': {
    status: 409,
    title: 'It was changed elsewhere since',
    what: 'What is to be kept, or sent, was changed on another page, or another device, after this one had it: its text, or its files. Nothing was kept, sent or thrown away.',
    remedy:
      'See what is under way now. Go on with that; or keep, or send, this one by its `version` and with its files.',
  },
  'draft-exists': {
    status: 409,
    title: 'Another message is under way',
    what: 'An answer that can’t be sent any more was to go on as a new message, and its writer has written something of one: there is one at a time.',
    remedy: 'Send that, or throw it away; or copy the text into it.',
  },
  'contact-not-found': {
    status: 404,
    title: 'Nobody of that name can be written to',
    what: 'The contact is not, or no longer, on the list of the organisation (`contacts`); or nobody there can be written to first.',
    remedy: 'Choose another one from the list, or the general one.',
  },
  'reply-too-large': {
    status: 413,
    title: 'The answer is too large',
    what: 'Its files are more, or larger together, than SecureMailBox takes (`mailbox.replies`): of one answer, as `maxFiles` and `maxBytes` say, of all that one person has under way, or of all that was ever put for an answer.',
    remedy: 'Send less, or in several answers.',
  },
  'file-refused': {
    status: 422,
    title: 'Such a file is not taken',
    what: 'By its name, or by what is in it, it is a program, or what may act as one (`mailbox.replies.refusedEndings`).',
    remedy: 'Send it as another kind of file, such as PDF.',
  },
  'file-not-found': {
    status: 404,
    title: 'There is no such file',
    what: 'What who is signed in writes has no file of that id: it was taken out, or nothing of it had come for a day; or what was written was sent, or thrown away.',
    remedy: 'Begin it once more.',
  },
  'file-not-whole': {
    status: 409,
    title: 'Of a file not all has come',
    what: 'An upload is under way, or broke off. What is sent has all its files or is not sent.',
    remedy: 'Wait until all of it has come, go on with it, or take it out.',
  },
  'file-not-checked': {
    status: 409,
    title: 'A file is not checked yet',
    what: 'Files are looked into for harmful software here (`mailbox.clamav`), and the scanner has not said yet that this one is clean: it is at it, or can not be reached. Then it is tried again by itself.',
    remedy: 'Wait until the draft says so (`check`), or take the file out.',
  },
  'file-harmful': {
    status: 409,
    title: 'A file is harmful',
    what: 'The scanner found harmful software in a file, or something that it is told to take for that. What was in the file is removed.',
    remedy: 'Take the file out, and send the rest.',
  },
  'file-unscannable': {
    status: 409,
    title: 'A file can not be looked into',
    what: 'Files are looked into for harmful software here, and the scanner could not look into all of this one: it is too large for it, nested too deeply, or encrypted. Nothing harmful was found; what was in the file is removed, for nothing is sent unchecked.',
    remedy: 'Take the file out; send what is in it file by file, smaller, or without a password.',
  },
  'wrong-offset': {
    status: 409,
    title: 'Of the file there is more, or less, than that',
    what: '`Upload-Offset` is not how much of the file has come; or somebody else adds to it at this moment.',
    remedy: 'Ask with HEAD how much has come, and go on from there.',
  },
  'wrong-checksum': {
    status: 460,
    title: 'What came is not what was sent',
    what: 'The body has another digest than `Upload-Checksum` says. Nothing of it was kept.',
    remedy: 'Send it again.',
  },
  'checksum-not-taken': {
    status: 400,
    title: 'Such a checksum is not known here',
    what: '`Upload-Checksum` names another algorithm than sha256 and sha1.',
    remedy: 'Take one of them, or leave it out.',
  },
  'tus-version-not-taken': {
    status: 412,
    title: 'The protocol of the upload is another one',
    what: 'Files come in by tus 1.0.0; `Tus-Resumable` is missing, or names another version.',
    remedy: 'Send `Tus-Resumable: 1.0.0`.',
  },
  'too-many-replies': {
    status: 429,
    title: 'Too much was written',
    what: 'Who is signed in has sent fifty answers or letters within an hour.',
    remedy: 'Wait some time.',
  },
  'mailbox-message-ended': {
    status: 410,
    title: 'The message is gone',
    what: 'Its time is over, its sender took it back, or it was erased. Until when a message can be read stands in its notification.',
    remedy: 'Ask the organisation to send it again.',
  },
  'wrong-code': {
    status: 422,
    title: 'The code is another one',
    what: 'It is not the code of the last mail. `triesLeft` says how many tries there are still.',
    remedy: 'Look into the newest mail with a code: an older one counts no more.',
  },
  'sign-in-ended': {
    status: 410,
    title: 'The code counts no more',
    what: 'Its time is over, it was used, too many others were tried, or it was asked for in another browser.',
    remedy: 'Ask for a new code.',
  },
  'passkey-refused': {
    status: 422,
    title: 'The passkey is not taken',
    what: 'It is nobody’s here, or somebody else’s, was taken away or copied, or its answer is for another site, another browser or an older question, or did not verify its owner.',
    remedy: 'Try once more; to SecureMailBox, sign in by a code.',
  },
  'provider-unavailable': {
    status: 503,
    title: 'The other place to sign in can’t be reached',
    retryAfter: 60,
    what: 'The OpenID Connect provider of the organisation did not answer, or says something else than it is set up for.',
    remedy: 'Try again in a while; where a code by mail is enough, sign in by that.',
  },
  'wrong-password': {
    status: 422,
    title: 'The password is another one',
    what: 'It is not that of this person, or he has none; which of the two is not told.',
    remedy: 'Try once more, or sign in by a code.',
  },
  'too-many-sign-ins': {
    status: 429,
    title: 'Too many tried to sign in to the console',
    retryAfter: 600,
    what: 'From one network sixty may try within ten minutes, and ten times wrongly for one account. What was sent was not looked at.',
    remedy: 'Wait ten minutes. Others, from other networks, sign in as ever.',
  },
  'too-many-passwords': {
    status: 429,
    title: 'Too many passwords were wrong',
    retryAfter: 3_600,
    what: 'Of one person five from one network, and twenty from all, are tried within an hour. What was sent was not looked at.',
    remedy: 'Sign in by a code: that is counted by itself.',
  },
  'password-refused': {
    status: 422,
    title: 'Choose another password',
    what: 'It is shorter than 12 characters or longer than 128 (`reason` is `length`), or easily guessed by who knows what people choose, or the address (`guessed`).',
    remedy: 'Take several words that have nothing to do with each other.',
  },
  'sign-in-anew': {
    status: 403,
    title: 'Sign in anew for this',
    what: 'How somebody signs in is changed within ten minutes of his signing in by a code.',
    remedy: 'Sign out, sign in by a code, and do it then.',
  },
  'too-many-passkeys': {
    status: 409,
    title: 'There are ten passkeys',
    what: 'Nobody has more at one organisation.',
    remedy: 'Take one away that is not used any more.',
  },
  'too-many-codes': {
    status: 429,
    title: 'Too many codes were asked for',
    retryAfter: 600,
    what: 'For one person and from one network only so many are sent within some time. No code was sent.',
    remedy:
      'Wait an hour; ten minutes are enough where it is a network, or everybody who wants to write first, that asked for too much. The link in a notification is counted by itself: it works where the address does not.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests with this key',
    retryAfter: 1,
    what: 'A key may check recipients twenty times a second. Nothing was looked up.',
    remedy: 'Wait as long as `Retry-After` says; check several recipients in one request.',
  },
  'too-busy': {
    status: 503,
    title: 'Too much is being handed in at this moment',
    smtp: { code: 421, enhancedCode: '4.3.2' },
    retryAfter: 5,
    what: 'Requests in JSON are held in memory, and all that are under way may take 128 MB of it by default; over SMTP 200 connections may be open at each port by default (`maxConnections`). Nothing was accepted.',
    remedy:
      'Send it again after as many seconds as `Retry-After` says, with the same Idempotency-Key; or as `message/rfc822`, which is streamed. A mail server tries again by itself.',
  },
  'storage-unavailable': {
    status: 503,
    title: 'The storage cannot be reached now',
    smtp: { code: 451, enhancedCode: '4.3.0' },
    what: 'The database is not reachable, or its disk is full. A mail that was being sent was not accepted.',
    remedy: 'Try again later; a mail with the same Idempotency-Key.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    smtp: { code: 451, enhancedCode: '4.3.0' },
    what: 'An error of ours. Nothing was accepted unless the answer said so.',
    remedy: 'Send it again; quote the trace id when you ask us.',
  },
} as const satisfies Record<string, ProblemType>;

export type ProblemSlug = keyof typeof PROBLEMS;
