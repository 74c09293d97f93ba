// SPDX-License-Identifier: Apache-2.0

/** Whether nobody on the way can read what is sent there. */
export const isHttps = (url: string): boolean =>
  /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$))/.test(url);
