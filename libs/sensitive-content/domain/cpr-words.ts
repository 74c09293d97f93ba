// SPDX-License-Identifier: Apache-2.0

/**
 * What a word beside a number says: that it is a CPR number (`cpr`, weaker `born`); that it belongs to a person, who has a
 * CPR number (`person`) or rather a number of the writer's own (`client`); that it is a number, whatever of (`number`);
 * that it is a time (`time`), or something else (`other`).
 */
export type WordKind = 'cpr' | 'born' | 'person' | 'client' | 'number' | 'time' | 'other';

/** Where a known word stands in a text, and what it says. */
export interface KnownWord {
  kind: WordKind;
  start: number;
  end: number;
}

/** Danish, English and German, lower case; a stem that ends in `*` stands for all that begin with it. */
const WORDS: Record<WordKind, string> = {
  cpr: `cpr* personnummer* personnr* person-nr personnumre personnr. p-nr p.nr pnr civilregist* sygesikringsnummer
    sygesikringsnr sygesikringskort* sygesikringsbevis* fødselsnummer* fødselsnr* personenkennzeichen personenkennziffer
    personenidentifikation* personnumber personalnummer ssn`,
  born: 'født fødte fødselsdag* fødselsdato* fødselsår born birth birthdate* birthday* dob geb geboren geburtsdatum*',
  person: `pt patient patienten patients borger borgeren klient klienten citizen bürger bürgerin barnet datter søn sohn
    tochter daughter ægtefælle spouse elev eleven mor far mutter vater mother father beboer beboeren resident patientnummer patientnr
    journalnummer journalnr patient-id patientid bruger brugeren brugers sag sagen sags sagsnr sagsnummer sags-id`,
  client:
    'kunde kunden customer customers client kunden medlem medlemmet member mitglied student studerende part parten',
  number: 'nummer nr number no num numre numbers nummeret nummern ref reference* referenz* id ids',
  time: `tid tiden tider tidspunkt* dato datoen date dates time times uhrzeit zeit zeitpunkt datum termin* scannet scanned
    gescannt optaget recorded aufgenommen gemt saved gespeichert oprettet created erstellt`,
  other: `tlf* telefon* tel phone* telephone* mobil* mobile cell handy* fax* rufnummer* durchwahl ring sms whatsapp viber
    faktura* invoice* rechnung* regning* bilag* kreditnota* kvittering* receipt* quittung* beleg* ordre* order* bestilling*
    bestellung* bestell* auftrag* booking* buchung* reservation* reservierung* konto* kto account* reg regnr bank* iban bic
    swift blz giro* fi-kort* fik-nr betalings* indbetaling* payment* zahlung* ean* gln* gtin* cvr* se-nr senr vat* ust* moms* steuer*
    p-enhed produktionsenhed* tax* kundenr* customer-no* medlemsn* membership* mitglieds* abonnement* subscription* aftale*
    kontrakt* contract* vertrag* police* policy* track* trace* pakke* parcel* paket* sendung* forsendelse* shipment*
    consignment* gls dao postnord dhl ups fedex vare* item* artikel* sku product* produkt* serie* serial* serien* model*
    batch* lot charge* ticket* case* incident* vorgang* aktenzeichen uid uuid guid userid brugerid brugern* user* version* build* rev revision* release* commit* timestamp* zeitstempel
    tidsstempel* ts epoch log log-id thread request* req session* transaktion* transaction* trx måler* meter* zähler*
    aflæs* vandur* elmåler* device* enhedsn* gerät* apparat* terminal* printer* rekvisition* requisition*
    autorisation* authorisation* authorization* job-id zone tilbudsn* udbud* angebot* quote* licens* license* lizenz*
    hotline* deltagern* host node stregkode* barcode* strichcode* isbn issn imei imsi mac port matrikel* bbr koordinat* gps score* beløb* amount*
    betrag* kr dkk eur usd sek nok pris price preis sum nøgle* key* kode code* pin password passcode adgangskode møde-id
    meeting* mødenummer* zoom teams konference* conference* webinar* lodtrækning* kupon* coupon* voucher* gavekort* card* gutschein* billet* utm
    fil file datei backup* dump* kl uhr klokken`,
};

/** Endings that make a compound (`medlemsnummer`, `varmeregning`) a number of something. */
const COMPOUNDS =
  /^\p{L}{2,}(?:nummer|telefon|faktura|rechnung|regning|ordre|bestilling|betaling|konto|kontrakt|kupon|kode|pakke|måler)(?:nr|nummer|en|et)?$/u;

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
    for (const run of runs.matchAll(RUN)) if (run[0] !== runs) look(run[0], index + run.index);
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
  const kind = WHOLE.get(lower) ?? byStem(lower) ?? (COMPOUNDS.test(lower) ? 'other' : null);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(lower, kind);
  return kind;
}

function byStem(word: string): WordKind | undefined {
  for (let length = word.length; length > 1; length -= 1) {
    const kind = STEMS.get(word.slice(0, length));
    if (kind !== undefined) return kind;
  }
  return undefined;
}
