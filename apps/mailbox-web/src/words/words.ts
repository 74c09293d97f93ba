// SPDX-License-Identifier: Apache-2.0

/** All that the pages say, in one language. Typed records and no library: a word that lacks does not compile. */
export interface Words {
  language: string;
  chooseLanguage: string;
  skipToContent: string;
  signOut: string;
  /** Where something that was typed can't be kept. */
  signOutUnkept: string;
  signedOut: Told;
  /** Another person is signed in in this browser. */
  otherPerson: Told;
  /** Above what was written and is kept nowhere else. */
  unkept: Told & {
    /** Where more is to be proven before. */
    onceProven: string;
  };
  loading: string;
  /** Where the script of a page does not come, and where none runs. */
  late: string;
  noScript: string;
  /** Where the browser keeps none. */
  noCookies: string;
  tryAgain: string;
  link: {
    title: (organisation: string) => string;
    explain: (until: string) => string;
    sendCode: string;
  };
  address: {
    title: (organisation: string) => string;
    explain: string;
    label: string;
    wrong: string;
    sendCode: string;
    again: string;
    againText: string;
  };
  code: {
    title: string;
    sent: string;
    sentIfKnown: string;
    to: string;
    until: (moment: string) => string;
    back: string;
    otherAddress: string;
    label: string;
    wrong: (triesLeft: number) => string;
    notSix: string;
    ended: string;
    signIn: string;
    sendAnother: string;
    sentAnother: string;
  };
  /** Before a session ends. */
  ending: {
    title: string;
    text: (time: string) => string;
    /** Whatever is done. */
    fixed: (time: string) => string;
    stay: string;
    stayed: string;
  };
  messages: {
    title: string;
    none: string;
    more: string;
    from: string;
    last: string;
    to: string;
    write: string;
    until: string;
    unread: (count: number) => string;
    noSubject: string;
    /** In its place: what was answered is gone. */
    answerAlone: string;
  };
  message: {
    back: string;
    from: string;
    to: string;
    cc: string;
    received: string;
    until: string;
    content: string;
    parts: string;
    showText: string;
    showFormatted: string;
    save: (filename: string, size: string) => string;
    saveWhole: string;
    savePdf: string;
    empty: string;
    tooMuch: string;
    outside: string;
  };
  conversation: {
    /** Where an answer stands alone. */
    answeredGone: string;
    title: string;
    thisOne: string;
    yours: (moment: string) => string;
    theirs: (names: string) => string;
    save: string;
    savePdf: string;
    savePdfOf: (moment: string) => string;
    saveOf: (moment: string) => string;
    leftOut: string;
    letter: (contact: string, moment: string) => string;
  };
  reply: {
    title: string;
    begin: string;
    text: string;
    send: string;
    sent: string;
  };
  /** An answer that was begun, and whose message is gone. */
  left: {
    title: string;
    text: string;
    /** Where nobody can be written to. */
    copy: string;
    toLetter: string;
    taken: string;
    notLoaded: string;
    /** In the list of messages. */
    listed: (moment: string) => string;
    begun: (moment: string) => string;
    letter: (moment: string) => string;
  };
  /** Of answers and letters. */
  writing: {
    files: string;
    added: string;
    mostFiles: (count: string, size: string) => string;
    adding: (name: string) => string;
    nextFiles: string;
    isNext: (name: string) => string;
    queued: (names: readonly string[]) => string;
    goneUp: (name: string, percent: number) => string;
    waiting: (name: string) => string;
    stop: (name: string) => string;
    isBegun: (name: string, percent: number) => string;
    notWhole: string;
    checking: (name: string) => string;
    checkDelayed: (name: string) => string;
    notChecked: string;
    harmful: (name: string) => string;
    removeHarmful: string;
    unscannable: (name: string) => string;
    removeUnscannable: string;
    remove: (name: string) => string;
    fileRefused: (name: string) => string;
    fileTooLarge: (name: string, size: string, most: string) => string;
    filesTooLarge: (name: string, most: string) => string;
    tooManyFiles: (name: string, most: string) => string;
    fileNotAdded: (name: string) => string;
    fileNotRemoved: (name: string) => string;
    kept: string;
    notKept: string;
    empty: string;
    notSent: string;
    tooMany: string;
    tooMuch: string;
    signedOut: string;
    beingSent: string;
    changed: string;
    there: string;
    noFiles: string;
    withFiles: string;
    goOnThere: string;
    goOnHere: string;
    count: (count: string, most: string) => string;
    tooLong: (most: string) => string;
    tooLongToSend: string;
    refused: string;
    subjectRefused: string;
    gone: string;
    throwAway: string;
    throwAwaySure: string;
    writeOn: string;
    wait: string;
    isAdded: (name: string) => string;
    isRemoved: (name: string) => string;
  };
  letter: {
    title: (organisation: string) => string;
    recipient: string;
    choose: string;
    search: string;
    found: (count: number) => string;
    notChosen: string;
    next: string;
    prove: string;
    you: (address: string) => string;
    other: string;
    subject: string;
    text: string;
    send: string;
    sentTitle: string;
    sent: (contact: string) => string;
  };
  decline: {
    title: string;
    explain: string;
    begin: string;
    sure: string;
    cancel: string;
    done: Told;
  };
  sessions: {
    title: string;
    explain: string;
    here: string;
    elsewhere: (moment: string) => string;
    used: (moment: string) => string;
    end: string;
  };
  passkey: {
    explain: string;
    signIn: string;
    refused: string;
    stopped: string;
  };
  elsewhere: {
    signIn: (provider: string) => string;
    refused: Told;
    /** In the place of its text: where SecureMailBox could not be reached then. */
    away: string;
    /** Likewise: where that other place could not be reached. */
    providerAway: string;
    byCode: string;
    /** Where this one holds what is kept nowhere else. */
    otherTab: (provider: string) => string;
    openOtherTab: (provider: string) => string;
  };
  /** Where an address alone does not do. */
  moreProof: {
    title: string;
    explain: (organisation: string) => string;
    /** Before what somebody wrote himself is shown. */
    explainOwn: (organisation: string) => string;
    provider: (provider: string) => string;
    refused: (provider: string) => string;
    away: (provider: string) => string;
    notOffered: (organisation: string) => string;
  };
  textMessage: {
    explain: string;
    send: string;
    sent: (number: string) => string;
    label: string;
    go: string;
    again: string;
    unknown: (organisation: string) => string;
    notSent: (organisation: string) => string;
  };
  password: {
    signIn: string;
    label: string;
    missing: string;
    go: string;
    wrong: string;
    tooMany: string;
  };
  credentials: {
    password: string;
    passwordTitle: string;
    passwordAgain: string;
    passwordHint: string;
    passwordLabel: string;
    passwordLength: string;
    passwordGuessed: string;
    passwordGo: string;
    passwordSet: string;
    passwordNotSet: string;
    title: string;
    explain: string;
    passkey: (name: string) => string;
    since: (moment: string) => string;
    used: (moment: string) => string;
    notUsed: string;
    remove: (name: string) => string;
    addTitle: string;
    name: string;
    nameMissing: string;
    add: string;
    added: string;
    removed: string;
    tooMany: string;
    alreadyThere: string;
    notAdded: string;
    notRemoved: string;
    anew: string;
    cannot: string;
  };
  takeBack: {
    title: string;
    explain: (since: string, until: string) => string;
    opened: (moment: string) => string;
    notOpened: string;
    begin: string;
    sure: string;
    cancel: string;
    done: string;
    doneSince: (moment: string) => string;
    over: string;
    declined: (moment: string) => string;
    ended: (moment: string) => string;
  };
  problems: {
    linkNotFound: Told;
    /** `signIn`: to who is not signed in. */
    ended: Told & { signIn: string };
    notSignedIn: Told & { writing: string; byAddress: string };
    nobody: Told;
    notFound: Told;
    /** `byLink`: to who asks by an address alone, and may have a link, too. */
    tooMany: Told & { byLink: string };
    unreachable: Told;
  };
}

export interface Told {
  title: string;
  text: string;
}
