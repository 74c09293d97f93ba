// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

export const ENGLISH: Words = {
  language: 'en',
  chooseLanguage: 'Language',
  skipToContent: 'Skip to the content',
  signOut: 'Sign out',
  signOutUnkept:
    'What you typed last can’t be kept at this moment, and would be lost. Wait, or copy it; who presses “Sign out” once more leaves it behind.',
  signedOut: {
    title: 'You are signed out',
    text: 'Nobody can read your messages in this browser any more. You may close this page.',
  },
  otherPerson: {
    title: 'Somebody else is signed in now',
    text: 'In this browser another person is signed in, so your messages are not shown here any more. Sign in again to go on.',
  },
  unkept: {
    title: 'What you wrote and is not kept yet',
    text: 'It stands only on this page. Leave the page open and sign in again, here or in another tab: then it is kept. Or copy it.',
    onceProven:
      'It stands only on this page. Leave the page open and show who you are, as is said above, here or in another tab: then it is kept. Or copy it.',
  },
  loading: 'One moment …',
  late: 'This page does not answer yet: a part of it can’t be loaded, or takes long. It is tried again by itself. See whether you are online, or load the page anew.',
  noScript: 'SecureMailBox needs JavaScript. Switch it on in your browser, and load the page anew.',
  noCookies:
    'SecureMailBox needs cookies, by which your browser is known while you read. Allow them for this site in the settings of your browser, and load the page anew.',
  tryAgain: 'Try again',
  link: {
    title: (organisation) => `A secure message from ${organisation}`,
    explain: (until) =>
      `To read it, show that the mail address is yours: we send a code to the address at which you got the mail with this link. The message can be read until ${until}.`,
    sendCode: 'Send me the code',
  },
  address: {
    title: (organisation) => `Messages from ${organisation}`,
    explain:
      'Write the mail address at which you got a message. We send a code there, by which you show that it is yours.',
    label: 'Your mail address',
    wrong: 'Write a whole mail address, such as name@example.org.',
    sendCode: 'Send me a code',
    again: 'Write a message',
    againText: 'You can also write to the organisation without having been written to.',
  },
  code: {
    title: 'Type the code',
    sent: 'We have sent you a mail with a code of six digits. It may take a minute; look into the junk folder, too.',
    sentIfKnown:
      'If there is something here for this address, a message or what you had begun to write yourself, a mail with a code of six digits is on its way to it. It may take a minute; look into the junk folder, too.',
    to: 'It goes to:',
    until: (moment) => `The newest code counts until ${moment}.`,
    back: 'Back',
    otherAddress: 'Write another address',
    label: 'Code of six digits',
    wrong: (triesLeft) =>
      triesLeft === 1
        ? 'That is not the code. You have one more try.'
        : `That is not the code. You have ${triesLeft} more tries.`,
    notSix: 'The code has six digits.',
    ended: 'The code counts no more. Have another one sent.',
    signIn: 'Continue',
    sendAnother: 'Send another code',
    sentAnother: 'Another code is on its way. Only the newest one counts.',
  },
  ending: {
    title: 'Signed out soon',
    text: (time) => `For your safety you are signed out at ${time} if you do nothing here.`,
    fixed: (time) =>
      `For your safety you are signed out at ${time}, and can sign in again then. Finish what you write, or wait until it is kept.`,
    stay: 'Stay signed in',
    stayed: 'You stay signed in.',
  },
  messages: {
    title: 'Your messages',
    none: 'There is nothing that can be read now.',
    more: 'Show older messages',
    from: 'From',
    last: 'Last written',
    to: 'To',
    write: 'Write a new message',
    until: 'Can be read until',
    unread: (count) => (count === 1 ? 'One not read yet' : `${count} not read yet`),
    noSubject: '(no subject)',
    answerAlone: 'Your answer: the message is gone',
  },
  message: {
    back: 'All messages',
    from: 'From',
    to: 'To',
    cc: 'Copy to',
    received: 'Received',
    until: 'Can be read until',
    content: 'The message',
    parts: 'Attachments',
    showText: 'Show as plain text',
    showFormatted: 'Show with its formatting',
    save: (filename, size) => `${filename} (${size})`,
    saveWhole: 'Save the whole message (.eml)',
    savePdf: 'Save the text as PDF',
    empty: 'The message has no text.',
    tooMuch:
      'The formatting of this message is too extensive to be shown safely, so you see only its text. To see all of it, save the whole message and open it in a mail program.',
    outside: 'Links in the message lead to other sites. Pictures from other sites are not shown.',
  },
  conversation: {
    answeredGone:
      'What you answered here is gone: its time is over, whoever wrote it took it back, or you closed it. What you wrote yourself stays until it ends.',
    title: 'In this conversation',
    thisOne: 'The message above',
    yours: (moment) => `Your answer, ${moment}`,
    theirs: (names) => `Answer from ${names}`,
    save: 'Save (.eml)',
    savePdf: 'Save (.pdf)',
    savePdfOf: (moment) => `Save (.pdf): what you wrote, ${moment}`,
    saveOf: (moment) => `Save (.eml): what you wrote, ${moment}`,
    leftOut: 'This is too long to be shown here. Save it to read it.',
    letter: (contact, moment) => `You to “${contact}”, ${moment}`,
  },
  reply: {
    title: 'Answer',
    begin: 'Write an answer',
    text: 'Your answer',
    send: 'Send the answer',
    sent: 'Your answer is sent.',
  },
  left: {
    title: 'The answer that you had begun',
    text: 'It can’t be sent as an answer any more, but it is not lost: it is kept for a day after you changed it last. Send it as a new message, or copy it.',
    copy: 'It can’t be sent any more, but it is not lost: it is kept for a day after you changed it last. Copy what you need of it.',
    toLetter: 'Go on with it as a new message',
    taken:
      'You have another new message under way. Send it or throw it away before, or copy this text into it:',
    notLoaded: 'If you had begun an answer, it can’t be shown at this moment. It is kept for a day.',
    letter: (moment) => `Go on with the message that you had begun, ${moment}`,
    begun: (moment) => `Go on with the answer that you had begun, ${moment}`,
    listed: (moment) => `An answer that you had begun, ${moment}: the message is gone`,
  },
  writing: {
    files: 'Attach files',
    added: 'Attached files',
    mostFiles: (count, size) => `Up to ${count} files, ${size} together.`,
    adding: (name) => `${name} is being attached`,
    nextFiles: 'Files that wait',
    isNext: (name) => `${name} waits until those before it are attached`,
    queued: (names) => `Attached next: ${names.join(', ')}`,
    goneUp: (name, percent) => `${name}: ${percent} percent has gone up`,
    waiting: (name) => `The connection is lost. ${name} goes on by itself once it is back.`,
    stop: (name) => `Stop ${name}`,
    isBegun: (name, percent) =>
      `${name}: ${percent} percent has gone up. Choose the same file again to go on.`,
    checking: (name) => `${name} is being checked for harmful software`,
    checkDelayed: (name) =>
      `${name} can’t be checked for harmful software at this moment. It is tried again by itself; what you wrote is kept for a day.`,
    notChecked:
      'A file is still being checked for harmful software. Send once that is done, or remove the file.',
    harmful: (name) => `${name} is not taken: harmful software was found in it.`,
    removeHarmful: 'A file is not taken, for harmful software was found in it. Remove it, and then send.',
    unscannable: (name) =>
      `${name} is not taken: it can’t be checked for harmful software, for it is too large, has too much packed into it, or has a password. Send what is in it file by file and without a password.`,
    removeUnscannable:
      'A file is not taken, for it can’t be checked for harmful software. Remove it, and then send.',
    notWhole: 'A file has not gone up in full. Choose it again to go on, or remove it, and then send.',
    remove: (name) => `Remove ${name}`,
    fileRefused: (name) => `${name} is not taken: it may be a program. Send it as PDF, for example.`,
    fileTooLarge: (name, size, most) =>
      `${name} is not attached: it has ${size}, and all files of one message may have ${most}. Make it smaller, or ask how else you can hand it in.`,
    filesTooLarge: (name, most) =>
      `${name} is not attached: with it the files would have more than ${most} together. Send this message first, and attach it to another one.`,
    tooManyFiles: (name, most) =>
      `${name} is not attached: a message takes ${most} files. Send this message first, and attach it to another one.`,
    fileNotAdded: (name) =>
      `${name} could not be attached. See whether you are online, and choose it again: it goes on where it stopped.`,
    fileNotRemoved: (name) => `${name} could not be removed. Try again.`,
    kept: 'Kept. You can go on within a day, on another device, too.',
    notKept: 'What you typed last is not kept yet: SecureMailBox can’t be reached. Leave this page open.',
    empty: 'Write something, or attach a file.',
    notSent:
      'SecureMailBox did not say whether it was sent. See whether you are online, and send it again without changing it: it is sent only once.',
    tooMany: 'You have sent very much within an hour. Wait some time, and try again.',
    tooMuch: 'That is too much at once. Send it without the rest, and then write once more.',
    signedOut:
      'You were signed out. Leave this page open, sign in on another one, and then send what you wrote here.',
    beingSent: 'It is being sent from elsewhere at this moment. Wait two minutes, and try again.',
    changed:
      'It was changed on another page or device since. Nothing is lost: see below what stands there, and choose with what you go on.',
    there: 'On the other page or device',
    noFiles: 'No file is attached to it now.',
    withFiles: 'These files are attached to it now, and go with what you send; you can remove them before:',
    goOnThere: 'Go on with what stands there',
    goOnHere: 'Go on with what stands here',
    count: (count, most) => `${count} of ${most} characters`,
    tooLong: (most) =>
      `This is too long: ${most} characters at most. Nothing was cut off. Shorten it, or send the rest by itself.`,
    tooLongToSend:
      'It is longer than what can be kept and sent. Leave this page open until you have shortened it.',
    refused:
      'SecureMailBox does not take this as it stands. Leave this page open, and copy your text before you do anything else.',
    subjectRefused:
      'SecureMailBox does not take the subject as it stands, and so keeps nothing. Leave this page open, and write the subject anew, in plain words.',
    gone: 'What you wrote here was thrown away or sent elsewhere. It stands only on this page: copy your text before you leave it.',
    throwAway: 'Throw it away',
    throwAwaySure: 'Throw it away for good',
    writeOn: 'Write on',
    wait: 'Not all files are attached yet. Send once they are.',
    isAdded: (name) => `${name} is attached`,
    isRemoved: (name) => `${name} is removed`,
  },
  letter: {
    title: (organisation) => `Write to ${organisation}`,
    recipient: 'Recipient',
    choose: 'Choose whom you want to write to.',
    search: 'Search the list',
    found: (count) =>
      count === 0 ? 'Nobody fits. Search for another word, or choose the last one.' : `${count} found`,
    notChosen: 'Choose a recipient.',
    next: 'Continue',
    prove:
      'Write your mail address. We send a code there, by which you show that it is yours. Once your message is answered, we tell you there, too.',
    you: (address) => `You write as ${address}.`,
    other: 'Choose another recipient',
    subject: 'Subject',
    text: 'Your message',
    send: 'Send the message',
    sentTitle: 'Your message is sent',
    sent: (contact) =>
      `It is on its way to “${contact}”. The answer will lie here, too. Once it does, your mail address gets a link that leads to it.`,
  },
  decline: {
    title: 'Not for you?',
    explain:
      'If the message was meant for somebody else, say so. It is closed then: nobody can read it here any more, you neither, and its sender is told.',
    begin: 'This is not for me',
    sure: 'Close the message for good',
    cancel: 'Keep it open',
    done: {
      title: 'The message is closed',
      text: 'Thank you. Its sender is told that it did not reach the right person. Please forget what you have read.',
    },
  },
  sessions: {
    title: 'Where you are signed in',
    explain: 'If you have lost a device, or see one that is not yours, end what goes on there.',
    here: 'In this browser',
    elsewhere: (moment) => `In another browser, since ${moment}`,
    used: (moment) => `Last used ${moment}`,
    end: 'Sign out there',
  },
  passkey: {
    explain: 'Have you added a passkey here before? Then you need no code.',
    signIn: 'Sign in with a passkey',
    refused:
      'This passkey does not open it. Perhaps it is for another address, or was taken away. Have a code sent.',
    stopped: 'No passkey was used. Try again, or have a code sent.',
  },
  elsewhere: {
    signIn: (provider) => `Sign in with ${provider}`,
    refused: {
      title: 'You are not signed in',
      text: 'We were not told that the mail address to which the message was sent is yours. Perhaps you turned back, or are known there by another address. You can also sign in by a code that we send by mail; some messages demand more than that before they are shown.',
    },
    away: 'You are known there, but SecureMailBox could not sign you in at that moment. Nothing is lost: wait a little, and sign in once more.',
    providerAway:
      'The place where you showed who you are does not answer us at this moment. Nothing is lost: wait a little, and sign in there once more. You can also sign in by a code that we send by mail; some messages demand more than that before they are shown.',
    byCode: 'Sign in by a code',
    otherTab: (provider) =>
      `What you wrote is not kept yet, and stands only on this page. Leave it open: ${provider} opens in another tab.`,
    openOtherTab: (provider) => `Open ${provider} in another tab`,
  },
  moreProof: {
    title: 'A protected message',
    explain: (organisation) =>
      `${organisation} protects this message especially. Before you can read it, show once more that you are you.`,
    explainOwn: (organisation) =>
      `${organisation} especially protects what you began to answer here. Before you can read what you wrote, show once more that you are you.`,
    provider: (provider) => `Sign in with ${provider}. Then you come back to this page.`,
    refused: (provider) =>
      `${provider} did not confirm that the mail address to which the message was sent is yours. Perhaps you turned back, or are known there by another address. You can try once more.`,
    away: (provider) =>
      `${provider} can’t be reached at this moment. Nothing is lost: wait a little, and try once more.`,
    notOffered: (organisation) =>
      `That can’t be done here at this moment. Please ask ${organisation} how you can get the message.`,
  },
  textMessage: {
    explain: 'We send a code as a text message to the mobile number that the organisation has noted for you.',
    send: 'Send a code as a text message',
    sent: (number) => `A code is on its way to the number ${number}.`,
    label: 'The code in the text message',
    go: 'Show the message',
    again: 'Send another text message',
    unknown: (organisation) =>
      `${organisation} has noted no mobile number for you. Please call or visit them and have them note it. Then load this page anew.`,
    notSent: (organisation) =>
      `The text message could not be sent. Try again in a while, or ask ${organisation}.`,
  },
  password: {
    signIn: 'Sign in with a password',
    label: 'Your password',
    missing: 'Write your password.',
    go: 'Sign in',
    wrong: 'That is not the password. If you have set none here, have a code sent.',
    tooMany: 'Too many passwords were wrong. Have a code sent instead.',
  },
  credentials: {
    password: 'Password',
    passwordTitle: 'Set a password',
    passwordAgain: 'Change the password',
    passwordHint: 'At least 12 characters. Several words that have nothing to do with each other are good.',
    passwordLabel: 'New password',
    passwordLength: 'It has to have 12 to 128 characters.',
    passwordGuessed: 'This is easily guessed. Add more words, or take others.',
    passwordGo: 'Keep this password',
    passwordSet: 'The password is set. We tell you by mail, too.',
    passwordNotSet: 'The password was not set. Try again.',
    title: 'How you sign in',
    explain:
      'A code by mail is always enough. If you come often, add a passkey: then you sign in as you unlock your device, with a finger, your face or its PIN.',
    passkey: (name) => `Passkey “${name}”`,
    since: (moment) => `Added ${moment}`,
    used: (moment) => `Last used ${moment}`,
    notUsed: 'Not used yet',
    remove: (name) => `Take away “${name}”`,
    addTitle: 'Add a passkey',
    name: 'What you call this device',
    nameMissing: 'Write a name, such as “My telephone”.',
    add: 'Add a passkey',
    added: 'The passkey is added. We tell you by mail, too.',
    removed: 'It is taken away. We tell you by mail, too.',
    tooMany: 'There are ten passkeys. Take one away first.',
    alreadyThere: 'This device has a passkey for you here already.',
    notAdded: 'No passkey was added. Try again.',
    notRemoved: 'It could not be taken away. Try again.',
    anew: 'To add something, sign out and sign in by a code again: it is possible in the ten minutes after that.',
    cannot: 'This browser knows no passkeys.',
  },
  takeBack: {
    title: 'Take a message back',
    explain: (since, until) =>
      `You wrote it. It has been in SecureMailBox since ${since}, and can be read there until ${until}. Once you have taken it back nobody can read it there any more; what was read or saved before stays so.`,
    opened: (moment) => `It was opened ${moment}.`,
    notOpened: 'It has not been opened.',
    begin: 'Take it back',
    sure: 'Take it back for good',
    cancel: 'Leave it there',
    done: 'The message is taken back',
    doneSince: (moment) => `It was taken back ${moment}. You get a receipt of that by mail, too.`,
    over: 'There is nothing left to take back',
    declined: (moment) =>
      `The message was closed ${moment}: whoever reads at the address says that it is not for them. Nobody can read it in SecureMailBox any more; what was read or saved before stays so.`,
    ended: (moment) =>
      `The message ended ${moment}. Nobody can read it in SecureMailBox any more; what was read or saved before stays so.`,
  },
  problems: {
    linkNotFound: {
      title: 'This link leads nowhere',
      text: 'Perhaps it was cut off. Open it from the mail once more, or copy it to its very end.',
    },
    ended: {
      title: 'The message is gone',
      text: 'Its time is over, whoever wrote it took it back, or it was deleted. Ask who wrote to you to send it again.',
      signIn: 'If you had begun an answer: it is kept for a day, and is shown to you once you are signed in.',
    },
    notSignedIn: {
      title: 'You are not signed in',
      text: 'For your safety you are signed out after some time. Follow the link in the mail once more, or sign in by your mail address.',
      writing:
        'For your safety you are signed out after some time. What was kept of your message waits for a day: sign in by your mail address, and go on with it.',
      byAddress: 'Sign in by your mail address',
    },
    nobody: {
      title: 'Nobody can be written to here',
      text: 'The organisation takes no messages here, or the recipient is on its list no more. Load the page anew to see the list.',
    },
    notFound: {
      title: 'There is nothing here',
      text: 'The message is not among yours, or there is no such page.',
    },
    tooMany: {
      title: 'Too many codes were asked for',
      text: 'Wait an hour, and then try again.',
      byLink: 'If you have a mail with a link from the organisation, the link works also now.',
    },
    unreachable: {
      title: 'SecureMailBox can’t be reached just now',
      text: 'Nothing is lost. See whether you are online, and try again.',
    },
  },
};
