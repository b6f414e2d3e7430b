import { instant } from '../state/clock.ts'
import type { Mail } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { codeOf, linkOf } from './outbox.ts'

/** A mail as the control API shows it. */
export interface MailMessage {
  readonly id: string
  readonly to: string
  readonly subject: string
  /** The plain text. */
  readonly body: string
  /** RFC 3339, by the world's clock. */
  readonly sent_at: string
  readonly link?: string
  readonly code?: string
}

/**
 * The mails of a world, oldest first.
 * @param to only those to this address, whatever its case
 */
export function mailMessages(world: World, to?: string): readonly MailMessage[] {
  return mailsTo(world, to).map(toMessage)
}

/** Empties the mailbox, or the part of one recipient; answers how many mails that were. */
export function deleteMails(world: World, to?: string): number {
  const gone = mailsTo(world, to)
  for (const mail of gone) world.mails.delete(mail.id)
  return gone.length
}

function mailsTo(world: World, to: string | undefined): readonly Mail[] {
  const mails = arrivedMails(world)
  return to === undefined ? mails : mails.filter((mail) => isTo(mail, to))
}

/** The mails that have been sent by now, in the order in which they were: one that is held up is not there yet. */
export function arrivedMails(world: World): Mail[] {
  const now = world.now()
  return [...world.mails.values()].filter(({ sent_at }) => sent_at <= now).sort((a, b) => a.sent_at - b.sent_at)
}

function isTo(mail: Mail, address: string): boolean {
  return mail.to.toLowerCase() === address.toLowerCase()
}

function toMessage(mail: Mail): MailMessage {
  const link = linkOf(mail)
  const code = codeOf(mail)
  return {
    id: mail.id,
    to: mail.to,
    subject: mail.subject,
    body: mail.body,
    sent_at: instant(mail.sent_at),
    ...(link === undefined ? {} : { link }),
    ...(code === undefined ? {} : { code }),
  }
}
