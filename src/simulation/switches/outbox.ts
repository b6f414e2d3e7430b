import type { Call } from '../../http/call.ts'
import { Collection } from '../../state/collection.ts'
import type { Mail } from '../../state/records.ts'
import type { RequestChange } from './switch.ts'

/*
 * Mails that do not arrive as they were sent.
 */

/** What becomes of a mail on its way into the mailbox. */
type Courier = (mail: Mail) => readonly Mail[]

/** Takes the mails of one call, and passes on what its courier delivers. */
class Outbox extends Collection<Mail> {
  readonly #mailbox: Collection<Mail>
  readonly #courier: Courier

  constructor(mailbox: Collection<Mail>, courier: Courier) {
    super()
    this.#mailbox = mailbox
    this.#courier = courier
  }

  override save(mail: Mail): void {
    for (const delivered of this.#courier(mail)) this.#mailbox.save(delivered)
  }
}

/** The call, with another courier for the mails that it sends. */
export function underCourier({ world }: Call, courier: Courier): RequestChange {
  return { mails: new Outbox(world.mails, courier) }
}
