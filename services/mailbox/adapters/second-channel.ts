// SPDX-License-Identifier: Apache-2.0

/** Another way to a person than his mail. */
export interface SecondChannel {
  /**
   * @param number E.164, with the `+`.
   * @throws Error where it is not known that the text was taken; its message repeats neither of them.
   */
  send(message: { number: string; text: string }): Promise<void>;
}
