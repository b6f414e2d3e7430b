import type { Mail } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { type MailKind, type MailModel, renderMail } from './templates.ts'

/*
 * Mails are never sent: they stay in the world, where mailbox.ts and mailslurper.ts show them
 * (kratos-settings-recovery-verification-mfa §5).
 */

/** Queues a mail of one of Ory's kinds to `model.To`, under the world's time and the project's sender. */
export function queueMail(world: World, kind: MailKind, model: MailModel): Mail {
  const { smtp, templates } = world.settings.courier
  const { subject, plaintext, html } = renderMail(kind, model, templates)
  const mail: Mail = {
    id: world.chance.uuid(),
    to: model.To,
    from: smtp.from_name === undefined ? smtp.from_address : `"${smtp.from_name}" <${smtp.from_address}>`,
    subject,
    body: plaintext,
    html,
    template_type: kind,
    sent_at: world.now(),
  }
  world.mails.save(mail)
  return mail
}

const LINK = /https?:\/\/[^\s"<>]+/

/** The first link in a mail's text. */
export function linkOf(mail: Mail): string | undefined {
  return LINK.exec(mail.body)?.[0]
}

/** The first code in a mail's text: six to eight digits that stand by themselves, outside links. */
export function codeOf(mail: Mail): string | undefined {
  return /(?<![\w-])\d{6,8}(?![\w-])/.exec(mail.body.replace(new RegExp(LINK, 'g'), ''))?.[0]
}
