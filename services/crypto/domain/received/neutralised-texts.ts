// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

/** Stands before a text out of which active parts were taken, or in front of a mail in which others were disarmed. */
export const NEUTRALISED: Readonly<Record<Language, string>> = {
  en: 'Secure@Mail: nobody can tell whether this mail was changed on its way, so links, outside pictures and styles were taken out of it, and other active parts were disarmed.',
  da: 'Secure@Mail: ingen kan se, om denne mail er ændret undervejs, så links, billeder udefra og typografi er fjernet, og andre aktive dele er uskadeliggjort.',
  de: 'Secure@Mail: Niemand kann sehen, ob diese Mail unterwegs verändert wurde; Links, fremde Bilder und Formatierungen wurden daher entfernt und andere aktive Teile entschärft.',
};

/** Stands behind that where of a text only its words are left. */
export const AS_TEXT: Readonly<Record<Language, string>> = {
  en: 'The formatting of this text is too extensive to be shown safely. Only the words are here; of a very long text, only the beginning.',
  da: 'Formateringen af denne tekst er for omfattende til at kunne vises sikkert. Her er kun ordene, og af en meget lang tekst kun begyndelsen.',
  de: 'Die Formatierung dieses Textes ist zu umfangreich, um sicher angezeigt zu werden. Hier stehen nur die Worte, von einem sehr langen Text nur der Anfang.',
};
