// SPDX-License-Identifier: Apache-2.0

/**
 * What a word beside a number says: that it is a CPR number (`cpr`, weaker `born`); that it belongs to a person, who has a
 * CPR number (`person`) or rather a number of the writer's own (`client`); that it is a number, whatever of (`number`),
 * or what somebody shall refer to, or an amount (`reference`), or call (`call`); that it is a time (`time`), or something else (`other`).
 */
export type WordKind =
  'cpr' | 'born' | 'person' | 'client' | 'number' | 'reference' | 'call' | 'time' | 'other';

/** Where a known word stands in a text, and what it says. */
export interface KnownWord {
  kind: WordKind;
  start: number;
  end: number;
}

/** Danish, English and German, lower case; a stem that ends in `*` stands for all that begin with it. */
const WORDS: Record<WordKind, string> = {
  cpr: `cpr* c.p.r pers.nr persnr* personnummer* personnr* person-nr personnumre personnr. p-nr p.nr pnr civilregist* sygesikringsnummer
    sygesikringsnr sygesikringskort* sygesikringsbevis* fødselsnummer* fødselsnr* personenkennzeichen
    personennummer* personenkennziffer personenidentifikation* personnumber personalnummer ssn`,
  born: 'født fødte fødselsdag* fødselsdato* fødselsår born birth birthdate* birthday* dob geb geboren geburtsdatum*',
  person: `pt patient patienten patients borger borgeren klient klienten citizen bürger bürgerin barnet datter søn sohn
    tochter daughter ægtefælle spouse elev eleven mor far mutter vater mother father beboer beboeren resident
    patientnummer patientnr journalnummer journalnr patient-id patientid bruger brugeren brugers sag sagen sags
    sagsnr sagsnummer sags-id`,
  client: `kunde kunden customer customers client kunden medlem medlemmet member mitglied student studerende part parten`,
  number: 'nummer nr number no num numre numbers nummeret nummern id ids',
  reference: 'ref reference* referenz* key keys kr dkk eur usd sek nok',
  call: 'ring ringe ringes call calls called dial opkald*',
  time: `kl uhr klokken tid tiden tider tidspunkt* dato datoen date dates time times periode* period perioden ferie ferien kalender*
    calendar indkaldelse møde mødet uhrzeit zeit zeitpunkt datum termin* scannet scanned gescannt optaget recorded
    aufgenommen gemt saved gespeichert oprettet created erstellt`,
  other: `tlf* telefon telefonen telefonn* telefonlist* telefonbog telefonzeit telefontid tel phone phones phonen*
    telephone telephones mobil mobilen mobiler mobilnr mobilnu* mobiltlf mobiltelefon* mobilepay mobile mobiles cell
    cellphone* handy handynr handynu* fax faxen faxn* rufnummer* durchwahl sms whatsapp viber faktura* invoice*
    rechnung* regning* bilag* kreditnota* kvittering* receipt* quittung* beleg beleg-nr belegn* ordre ordren ordrer
    ordrerne ordren* ordrebek* ordreid order orders ordern* orderid bestilling* bestellung* bestell* auftrag*
    booking* buchung* reservation* reservierung* konto konti kontoen kontonr kontonu* kontoudtog* kontos kto account
    accounts accountn* reg regnr bank banken banks bankn* bankkonto* iban bic swift blz giro* fi-kort* fik-nr
    betalings* indbetaling* payment* zahlung* verwendungszweck überweis* ean* gln* gtin* cvr* se-nr senr vat vatn* ust ustid* moms momsn*
    steuern* steueri* p-enhed produktionsenhed* tax taxid taxn* kundenr* customer-no* medlemsn* membership*
    mitglieds* abonnement* subscription* aftale aftalen aftalenr* aftalenu* kontrakt kontrakten kontraktn* contract
    contracts contractn* contractid vertrag vertragsn* police policen policenr* policenu* policy policyn* track
    tracking* trace traceid pakke* parcel* paket* sendung* forsendelse* shipment* consignment* gls dao postnord dhl
    ups fedex vare varen varer varenr* varenu* item items itemn* artikel artikeln* artikler sku product products
    productn* productid produkt produktet produkter produktn* produktk* serie serial serienr* serienu* serials
    serialn* model modeln* modell batch* lot charge charges chargen* ticket tickets ticketn* ticketid case cases
    caseid casen* incident incidents vorgang* aktenzeichen uid uuid guid userid brugerid brugern* user users userid
    username version versions* build builds buildn* rev revision revisions release releases commit commits
    timestamp* zeitstempel tidsstempel* ts epoch log log-id thread request* req session sessions sessionid sessionn*
    transaktion* transaction* trx måler måleren målernr* målernu* meter meters meterid zähler zählern* zählers*
    aflæst aflæsning* vandur* elmåler* device devices deviceid enhedsn* gerät gerätenu* gerätenr apparat terminal
    terminaln* printer printern* rekvisition* requisition* autorisation* authorisation* authorization* job jobid
    job-id po zone tilbud tilbuddet tilbudsn* udbud* angebot* quote* licens* license* lizenz* hotline* deltagern*
    host node stregkode* barcode* strichcode* isbn issn imei imsi mac port matrikel* bbr koordinat koordinater gps
    projektnr* projektnu* score scores beløb* amount* betrag beträge pris price preis sum
    nøgle nøglen nøglekort* keyn* kode koden koder kodeo* code codes coden* pin password passcode adgangskode
    møde-id meeting* mødenummer* zoom teams konference* conference* webinar* lodtrækning* kupon* coupon* voucher*
    gavekort* card cards cardn* kortnr kortnummer* gutschein* billet* utm fil file datei backup* dump*`,
};

/** Endings that make a compound (`medlemsnummer`, `varmeregning`) a number of something. */
const COMPOUNDS =
  /^\p{L}{2,}(?:nummer|telefon|faktura|rechnung|regning|ordre|bestilling|betaling|konto|kontrakt|kupon|kode|pakke|måler|afgift|gebyr)(?:nr|nummer|en|et)?$/u;

const WHITESPACE = /\s+/u;
const KINDS = Object.keys(WORDS) as WordKind[];
const WHOLE = new Map<string, WordKind>();
const STEMS = new Map<string, WordKind>();
for (const kind of KINDS) {
  for (const word of WORDS[kind].trim().split(WHITESPACE)) {
    if (word.endsWith('*')) STEMS.set(word.slice(0, -1), kind);
    else WHOLE.set(word, kind);
  }
}

/** `customerId` is two words. */
const CAMEL = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu;
const IN_CAMEL = /\p{Ll}{2}\p{Lu}/u;
/** Runs of letters; with hyphens and dots between them, for some words have such (`p.nr`). */
const RUNS = /(?<![\p{L}\p{N}])\p{L}+(?:[.-]\p{L}+)*(?!\p{N})/gu;
const RUN = /\p{L}+/gu;

/** The known words of a short text, in their order. */
export function knownWords(text: string): KnownWord[] {
  const found: KnownWord[] = [];
  const look = (word: string, start: number): boolean => {
    const kind = kindOfWord(word);
    if (kind !== null) found.push({ kind, start, end: start + word.length });
    return kind !== null;
  };
  for (const { 0: runs, index } of text.matchAll(RUNS)) {
    if (look(runs, index)) continue;
    const parts = IN_CAMEL.test(runs) ? CAMEL : RUN;
    for (const run of runs.matchAll(parts)) if (run[0] !== runs) look(run[0], index + run.index);
  }
  return found;
}

/** Texts with many numbers have few words around them, again and again. */
const remembered = new Map<string, WordKind | null>();
const MOST_REMEMBERED = 5_000;

function kindOfWord(word: string): WordKind | null {
  const lower = word.toLowerCase();
  const known = remembered.get(lower);
  if (known !== undefined) return known;
  const kind = WHOLE.get(lower) ?? ofCpr(lower) ?? byStem(lower) ?? (COMPOUNDS.test(lower) ? 'other' : null);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(lower, kind);
  return kind;
}

/** Programs write `CvrCprNr`, people `kundecpr`; nothing else has these three letters in its midst. */
const ofCpr = (word: string): WordKind | undefined => (word.includes('cpr') ? 'cpr' : undefined);

function byStem(word: string): WordKind | undefined {
  for (let length = word.length; length > 1; length -= 1) {
    const kind = STEMS.get(word.slice(0, length));
    if (kind !== undefined) return kind;
  }
  return undefined;
}
