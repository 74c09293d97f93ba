// SPDX-License-Identifier: Apache-2.0
import { momentIn, type Words } from './words.ts';

export const ENGLISH: Words = {
  notification: {
    subject: (organisation) => `A secure message from ${organisation}`,
    before: (organisation) => [
      `${organisation} has written to you. The message is confidential, so it is not in this mail: it lies in SecureMailBox, where only you can read it.`,
      'To read it, follow the link. We then send a code to this address, by which you show that it is yours.',
    ],
    link: 'Read the message',
    after: ({ organisation, site, until }) => [
      `The message can be read until ${until}.`,
      `How to check that this mail is genuine: the address of the link begins with ${site}. You will never be asked for the password of your mail or of a bank, a payment or a card. If in doubt, do not follow the link: call ${organisation} by a number that you know from elsewhere.`,
      'This mail was sent by a program: please do not answer it.',
    ],
  },
  code: {
    subject: (organisation) => `Your code for SecureMailBox of ${organisation}`,
    before: (organisation) => [
      `Somebody, most likely you, wants to sign in to SecureMailBox of ${organisation}. This is the code:`,
    ],
    after: (minutes) => [
      `It counts for ${minutes} minutes, once, and only in the browser in which it was asked for.`,
      'Tell it to nobody, also not on the telephone. If you did not ask for it, you need do nothing: without the code nobody gets in.',
    ],
  },
  notice: {
    subject: (organisation) => `How you sign in to SecureMailBox of ${organisation} was changed`,
    changed: {
      passkey: {
        added: (organisation) =>
          `A passkey was added: SecureMailBox of ${organisation} can now be opened with it in place of a code.`,
        removed: (organisation) => `A passkey of yours at SecureMailBox of ${organisation} was taken away.`,
      },
      password: {
        added: (organisation) =>
          `A password was set: SecureMailBox of ${organisation} can now be opened with it in place of a code.`,
        removed: (organisation) => `Your password at SecureMailBox of ${organisation} was taken away.`,
      },
    },
    after: ({ organisation, page }) => [
      `If it was you, you need do nothing. If not, somebody can read your mail, or has used a device of yours: change the password of your mail, sign in by a code at ${page} and take away there what is not yours.`,
      `If in doubt, call ${organisation} by a number that you know from elsewhere. This mail was sent by a program: please do not answer it.`,
    ],
  },
  textMessage: (organisation, code) =>
    `${code} is your code for SecureMailBox of ${organisation}. Never pass it on.`,
  reply: (author, subject) =>
    `${author} has written this in SecureMailBox, in answer to “${subject}”. Answer it with Send securely: your answer will lie there, too.`,
  letter: (author, contact) =>
    `${author} has written this in SecureMailBox to “${contact}”, and has proven that this is their address. Answer it with Send securely.`,
  subject: (subject) => `Subject: ${subject}`,
  moment: momentIn('en-GB'),
};
