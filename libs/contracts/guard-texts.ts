// SPDX-License-Identifier: Apache-2.0
import type { GuardAction, GuardFinding, GuardName } from './guards.ts';
import type { RecipientId } from './ids.ts';
import type { Language } from './language.ts';

/** What happened, and what the sender can do; `%who` and `%what` stand for those and that which it is about. */
type Texts = Record<GuardName, { title: string; refuse: string; protect?: string; allow: string }>;

const ENGLISH: Texts = {
  'secure-thread': {
    title: 'The conversation is secure, this mail was not',
    refuse:
      'Earlier mail in this conversation was sent securely, and for this one nobody had asked for it. It was not sent. Press "Send securely" and send it again.',
    protect:
      'Earlier mail in this conversation was sent securely, so this one is sent securely too, or not at all, though nobody had asked for it. Press "Send securely" when you answer secure mail.',
    allow:
      'Earlier mail in this conversation was sent securely. Press "Send securely" when you answer secure mail.',
  },
  'new-outsider': {
    title: 'Somebody outside joins an internal conversation',
    refuse:
      'Outside your organisation, and new to a conversation that was internal: %who. The mail was not sent. If they may read all of it, press "Send securely" and send it again.',
    protect:
      'Outside your organisation, and new to a conversation that was internal: %who. So this mail is sent securely, or not at all. Check that they may read what was written before.',
    allow:
      'Outside your organisation, and new to a conversation that was internal: %who. Check that they may read what was written before.',
  },
  'sensitive-content': {
    title: 'The mail contains sensitive information',
    refuse:
      'Found in it: %what. It was not asked to be sent securely, and was not sent. Press "Send securely" and send it again, or take that out.',
    protect:
      'Found in it: %what. So it is sent securely, or not at all, though nobody had asked for it. Press "Send securely" when you send such things.',
    allow: 'Found in it: %what. Press "Send securely" when you send such things.',
  },
  'forwards-outside': {
    title: 'A mailbox forwards outside your organisation',
    refuse:
      'Mail to %who is forwarded outside your organisation, where others might read it. This mail was not sent. Ask for the forwarding to be ended, or write to somebody else.',
    allow:
      'Mail to %who is forwarded outside your organisation, where others might read it. Ask for the forwarding to be ended.',
  },
  'auto-forwarded': {
    title: 'A rule forwards secure mail outside',
    refuse:
      'A mailbox forwards its mail outside by a rule, and this mail belongs to a secure conversation. It was not forwarded. Read it in the mailbox, and end the rule.',
    protect:
      'A mailbox forwards its mail outside by a rule, and this mail belongs to a secure conversation. It is forwarded securely, or not at all.',
    allow:
      'A mailbox forwards its mail outside by a rule, and this mail belongs to a secure conversation. End the rule.',
  },
};

const DANISH: Texts = {
  'secure-thread': {
    title: 'Samtalen er sikker, men det var denne mail ikke',
    refuse:
      'Tidligere mails i samtalen blev sendt sikkert, men det var ikke valgt for denne. Den blev ikke sendt. Tryk på "Send sikkert", og send den igen.',
    protect:
      'Tidligere mails i samtalen blev sendt sikkert, og derfor sendes denne også sikkert eller slet ikke, selv om det ikke var valgt. Tryk på "Send sikkert", når du svarer på sikre mails.',
    allow:
      'Tidligere mails i samtalen blev sendt sikkert. Tryk på "Send sikkert", når du svarer på sikre mails.',
  },
  'new-outsider': {
    title: 'Nogen udefra kommer med i en intern samtale',
    refuse:
      'Uden for din organisation og ikke før med i samtalen, som var intern: %who. Mailen blev ikke sendt. Hvis alt i den må læses uden for organisationen, så tryk på "Send sikkert", og send den igen.',
    protect:
      'Uden for din organisation og ikke før med i samtalen, som var intern: %who. Derfor sendes mailen sikkert eller slet ikke. Tjek, at det, der er skrevet før, må læses uden for organisationen.',
    allow:
      'Uden for din organisation og ikke før med i samtalen, som var intern: %who. Tjek, at det, der er skrevet før, må læses uden for organisationen.',
  },
  'sensitive-content': {
    title: 'Mailen indeholder følsomme oplysninger',
    refuse:
      'Fundet i mailen: %what. Sikker afsendelse var ikke valgt, så mailen blev ikke sendt. Tryk på "Send sikkert", og send den igen, eller fjern oplysningerne.',
    protect:
      'Fundet i mailen: %what. Derfor sendes den sikkert eller slet ikke, selv om det ikke var valgt. Tryk på "Send sikkert", når du sender den slags oplysninger.',
    allow: 'Fundet i mailen: %what. Tryk på "Send sikkert", når du sender den slags oplysninger.',
  },
  'forwards-outside': {
    title: 'En postkasse videresender ud af din organisation',
    refuse:
      'Mail til %who bliver videresendt ud af din organisation, hvor andre kan komme til at læse den. Denne mail blev ikke sendt. Bed om at få videresendelsen slået fra, eller skriv til en anden.',
    allow:
      'Mail til %who bliver videresendt ud af din organisation, hvor andre kan komme til at læse den. Bed om at få videresendelsen slået fra.',
  },
  'auto-forwarded': {
    title: 'En regel videresender sikker mail ud af huset',
    refuse:
      'En postkasse videresender sin mail ud af huset med en regel, og denne mail hører til en sikker samtale. Den blev ikke videresendt. Læs den i postkassen, og slå reglen fra.',
    protect:
      'En postkasse videresender sin mail ud af huset med en regel, og denne mail hører til en sikker samtale. Den videresendes sikkert eller slet ikke.',
    allow:
      'En postkasse videresender sin mail ud af huset med en regel, og denne mail hører til en sikker samtale. Slå reglen fra.',
  },
};

const GERMAN: Texts = {
  'secure-thread': {
    title: 'Die Unterhaltung ist sicher, diese Mail war es nicht',
    refuse:
      'Frühere Mails dieser Unterhaltung wurden sicher gesendet, bei dieser war das nicht gewählt. Sie wurde nicht gesendet. Klicken Sie auf "Sicher senden" und senden Sie sie erneut.',
    protect:
      'Frühere Mails dieser Unterhaltung wurden sicher gesendet, daher wird auch diese sicher gesendet oder gar nicht, obwohl das nicht gewählt war. Klicken Sie auf "Sicher senden", wenn Sie sichere Mails beantworten.',
    allow:
      'Frühere Mails dieser Unterhaltung wurden sicher gesendet. Klicken Sie auf "Sicher senden", wenn Sie sichere Mails beantworten.',
  },
  'new-outsider': {
    title: 'Jemand von außen kommt zu einer internen Unterhaltung hinzu',
    refuse:
      'Außerhalb Ihrer Organisation und neu in einer bisher internen Unterhaltung: %who. Die Mail wurde nicht gesendet. Wenn alles gelesen werden darf, klicken Sie auf "Sicher senden" und senden Sie sie erneut.',
    protect:
      'Außerhalb Ihrer Organisation und neu in einer bisher internen Unterhaltung: %who. Daher wird die Mail sicher gesendet oder gar nicht. Prüfen Sie, ob gelesen werden darf, was vorher geschrieben wurde.',
    allow:
      'Außerhalb Ihrer Organisation und neu in einer bisher internen Unterhaltung: %who. Prüfen Sie, ob gelesen werden darf, was vorher geschrieben wurde.',
  },
  'sensitive-content': {
    title: 'Die Mail enthält schützenswerte Angaben',
    refuse:
      'Darin gefunden: %what. Sicheres Senden war nicht gewählt, daher wurde die Mail nicht gesendet. Klicken Sie auf "Sicher senden" und senden Sie sie erneut, oder entfernen Sie die Angaben.',
    protect:
      'Darin gefunden: %what. Daher wird sie sicher gesendet oder gar nicht, obwohl das nicht gewählt war. Klicken Sie auf "Sicher senden", wenn Sie solche Angaben senden.',
    allow: 'Darin gefunden: %what. Klicken Sie auf "Sicher senden", wenn Sie solche Angaben senden.',
  },
  'forwards-outside': {
    title: 'Ein Postfach leitet nach außen weiter',
    refuse:
      'Mails an %who werden aus Ihrer Organisation hinaus weitergeleitet, wo andere sie lesen könnten. Diese Mail wurde nicht gesendet. Bitten Sie darum, die Weiterleitung zu beenden, oder schreiben Sie jemand anderem.',
    allow:
      'Mails an %who werden aus Ihrer Organisation hinaus weitergeleitet, wo andere sie lesen könnten. Bitten Sie darum, die Weiterleitung zu beenden.',
  },
  'auto-forwarded': {
    title: 'Eine Regel leitet sichere Mails nach außen weiter',
    refuse:
      'Ein Postfach leitet seine Mails durch eine Regel nach außen weiter, und diese Mail gehört zu einer sicheren Unterhaltung. Sie wurde nicht weitergeleitet. Lesen Sie sie im Postfach und beenden Sie die Regel.',
    protect:
      'Ein Postfach leitet seine Mails durch eine Regel nach außen weiter, und diese Mail gehört zu einer sicheren Unterhaltung. Sie wird sicher weitergeleitet oder gar nicht.',
    allow:
      'Ein Postfach leitet seine Mails durch eine Regel nach außen weiter, und diese Mail gehört zu einer sicheren Unterhaltung. Beenden Sie die Regel.',
  },
};

const LANGUAGES: Record<
  Language,
  {
    texts: Texts;
    and: string;
    more: (count: number) => string;
    unread: string;
    /** In place of the title that says something was found. */
    onlyUnread: string;
  }
> = {
  en: {
    texts: ENGLISH,
    and: ' and ',
    more: (n) => `${n} more`,
    unread: 'something that cannot be checked',
    onlyUnread: 'The mail contains something that cannot be checked',
  },
  da: {
    texts: DANISH,
    and: ' og ',
    more: (n) => `${n} flere`,
    unread: 'noget, der ikke kan undersøges',
    onlyUnread: 'Mailen indeholder noget, der ikke kan undersøges',
  },
  de: {
    texts: GERMAN,
    and: ' und ',
    more: (n) => `${n} weitere`,
    unread: 'etwas, das nicht geprüft werden kann',
    onlyUnread: 'Die Mail enthält etwas, das nicht geprüft werden kann',
  },
};

/** More are counted: what has to be done stands behind them, and is to be read, too. */
const NAMED = 3;

/**
 * What a guard did with a mail, for its sender.
 *
 * @param who the addresses of the finding's recipients.
 */
export function guardText(
  { guard, action, rules, unread }: Pick<GuardFinding, 'guard' | 'action' | 'rules' | 'unread'>,
  who: readonly string[],
  language: Language,
): { title: string; text: string } {
  const { texts, and, more, unread: closed, onlyUnread } = LANGUAGES[language];
  const listed = (words: readonly string[]) => {
    const named = words.length > NAMED ? [...words.slice(0, NAMED), more(words.length - NAMED)] : [...words];
    const last = named.pop() ?? '';
    return named.length === 0 ? last : named.join(', ') + and + last;
  };
  const values: Record<string, string> = {
    '%who': listed(who),
    '%what': listed([...rules, ...(unread.length > 0 ? [closed] : [])]),
  };
  const { title, ...written } = texts[guard];
  const text = (written[action] ?? written.allow).replaceAll(/%who|%what/g, (place) => values[place] ?? '');
  return { title: rules.length === 0 && unread.length > 0 ? onlyUnread : title, text };
}

/** What a guard did with a mail, in words for its sender. */
export interface GuardNote {
  guard: GuardName;
  action: GuardAction;
  title: string;
  text: string;
}

/** @param addressOf the address of a recipient, or what stands for it where that is not known any more. */
export const guardNotes = (
  findings: readonly GuardFinding[],
  addressOf: (recipientId: RecipientId) => string,
  language: Language,
): GuardNote[] =>
  findings.map((finding) => {
    const { guard, action, recipientIds } = finding;
    return { guard, action, ...guardText(finding, recipientIds.map(addressOf), language) };
  });
