// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

/** Stands before a text out of which active parts were taken, or in front of a mail in which others were disarmed. */
export const NEUTRALISED: Readonly<Record<Language, string>> = {
  en: 'Secure@Mail: nobody can tell whether this mail was changed on its way, so links, outside pictures and styles were taken out of it, and other active parts were disarmed.',
  da: 'Secure@Mail: ingen kan se, om denne mail er ændret undervejs, så links, billeder udefra og typografi er fjernet, og andre aktive dele er uskadeliggjort.',
  de: 'Secure@Mail: Niemand kann sehen, ob diese Mail unterwegs verändert wurde; Links, fremde Bilder und Formatierungen wurden daher entfernt und andere aktive Teile entschärft.',
};
