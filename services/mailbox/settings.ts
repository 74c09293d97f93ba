// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import { z } from 'zod';

/** What a system runs, installs or mounts when it is opened. */
const PROGRAMS = [
  ...[
    'app',
    'bat',
    'chm',
    'cmd',
    'com',
    'cpl',
    'dll',
    'exe',
    'hta',
    'img',
    'ins',
    'iso',
    'jar',
    'js',
    'jse',
    'lnk',
  ],
  ...[
    'msc',
    'msi',
    'msp',
    'pif',
    'ps1',
    'reg',
    'scr',
    'sct',
    'shb',
    'sys',
    'url',
    'vb',
    'vbe',
    'vbs',
    'vhd',
    'vhdx',
  ],
  ...['wsc', 'wsf', 'wsh', 'xll'],
  // Of other systems.
  ...['apk', 'class', 'command', 'deb', 'dmg', 'elf', 'macho', 'pkg', 'rpm', 'sh'],
  // That install, or lead to what is installed.
  ...[
    'appinstaller',
    'application',
    'appref-ms',
    'appx',
    'appxbundle',
    'gadget',
    'inf',
    'msix',
    'msixbundle',
  ],
  'msu',
  // Of settings, searches and shortcuts that run, or lead elsewhere.
  ...[
    'appcontent-ms',
    'desktop',
    'diagcab',
    'inetloc',
    'jnlp',
    'job',
    'library-ms',
    'scf',
    'search-ms',
    'searchconnector-ms',
    'settingcontent-ms',
    'theme',
    'terminal',
    'themepack',
    'webloc',
    'workflow',
  ],
  // Scripts, and what such bring along.
  ...['ade', 'adp', 'appimage', 'bash', 'csh', 'hlp', 'pl', 'run', 'wim'],
  ...['mst', 'ps1xml', 'psd1', 'psm1', 'py', 'pyw', 'ws', 'wsb', 'xbap'],
] as const;

const Asked = {
  /** For one file; then it counts as not checked. */
  timeoutSeconds: z.number().positive().max(600).default(120),
  /** So long after it could not be asked it is asked again. */
  retrySeconds: z.number().positive().max(3_600).default(10),
};
/** Where clamd is, of ClamAV. */
const ClamavSettings = z.union([
  z.strictObject({ socket: z.string().min(1), ...Asked }),
  z.strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(3_310),
    ...Asked,
  }),
]);
export type ClamavSettings = z.infer<typeof ClamavSettings>;

export const MailboxSettings = z.strictObject({
  http: HttpSettings.optional(),
  /** The folder of the pages, where they are not where the build lays them. */
  pages: z.string().min(1).optional(),
  /** Addresses or networks of proxies in front, whose `X-Forwarded-For` is believed: limits are by network. */
  trustedProxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
  /** How long a code counts that was sent to somebody who wants to sign in. */
  codeMinutes: z.number().positive().max(60).default(10),
  /**
   * How much may be asked for from one network (an IPv4 address, a /64 of IPv6) in ten minutes; many share one. And how many
   * codes an organisation sends in that time to people who want to write first.
   */
  limits: z
    .strictObject({
      codes: z.int().positive().default(100),
      tries: z.int().positive().default(300),
      newcomers: z.int().positive().default(300),
    })
    .prefault({}),
  /** How many wrong codes one sign-in takes. */
  codeTries: z.int().min(1).max(10).default(5),
  /** What somebody may answer, or write first. */
  replies: z
    .strictObject({
      /**
       * All files of one answer together. In the mail that they become they are 1.37 times as much (base64 in lines), which
       * the mail server of the organisation has to take; of the largest that can be set, 144 MB.
       */
      maxBytes: z
        .int()
        .positive()
        .max(100 * 1024 * 1024)
        .default(25 * 1024 * 1024),
      /** All files of all that one person has under way; where it is less than `maxBytes`, that counts. */
      maxBytesOfPerson: z
        .int()
        .positive()
        .default(250 * 1024 * 1024),
      maxFiles: z.int().positive().max(100).default(20),
      /** Files whose names end so, or whose content is of such a kind, are refused: they are programs, or act as such when they are opened. */
      refusedEndings: z
        .array(z.string().regex(/^[a-z0-9-]{1,20}$/, 'lower case, without the dot'))
        .default(() => [...PROGRAMS]),
    })
    .prefault({}),
  /** Has the files of answers and letters looked into; what it did not find clean is not sent. Without it, nothing is. */
  clamav: ClamavSettings.optional(),
  /** A session ends when nothing was asked for so long, */
  sessionIdleMinutes: z.number().positive().max(240).default(20),
  /** and after so long in any case. */
  sessionHours: z.number().positive().max(24).default(8),
});
export type MailboxSettings = z.infer<typeof MailboxSettings>;

export const Settings = PlatformSettings.extend({
  mailbox: MailboxSettings.default(() => MailboxSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Injects the MailboxSettings. */
export const MAILBOX_SETTINGS = Symbol('MailboxSettings');
/** Injects the Checking. */
export const CHECKING = Symbol('Checking');
/** Injects the OpenIdProviders. */
export const PROVIDERS = Symbol('OpenIdProviders');
/** Injects the ContentGrading. */
export const GRADING = Symbol('ContentGrading');
/** Injects the SecondChannels. */
export const SECOND_CHANNELS = Symbol('SecondChannels');
/** Injects the Persons. */
export const PERSONS = Symbol('Persons');
/** Injects the Logos. */
export const LOGOS = Symbol('Logos');
