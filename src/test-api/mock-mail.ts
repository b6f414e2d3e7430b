import { type ControlClient, ControlRequestError } from './control-client.ts'
import type { MailMessage } from './types.ts'

/** The mailbox of a sandbox: nothing is sent anywhere else. */
export class MockMail {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /** Oldest first; with `to` only those to that address. */
  list(to?: string): Promise<readonly MailMessage[]> {
    return this.#control.get(`/mail${query(to)}`)
  }

  /**
   * The newest; with `to` the newest to that address.
   * @throws ControlRequestError when there is none, naming those who got mail
   */
  async last(to?: string): Promise<MailMessage> {
    const last = (await this.list(to)).at(-1)
    if (last) return last
    const others = new Set((await this.list()).map((mail) => mail.to))
    const got = others.size === 0 ? 'Nobody got mail.' : `Mail went to ${[...others].join(', ')}.`
    throw new ControlRequestError(`There is no mail${to === undefined ? '' : ` to ${to}`}. ${got}`)
  }

  /** Empties the mailbox, or that of one recipient. */
  clear(to?: string): Promise<void> {
    return this.#control.send('DELETE', `/mail${query(to)}`)
  }
}

const query = (to: string | undefined): string => (to === undefined ? '' : `?to=${encodeURIComponent(to)}`)
