import { deleteMails, mailMessages } from '../../courier/mailbox.ts'
import { noContent, ok } from '../../http/reply.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

const MESSAGE = {
  type: 'object',
  required: ['id', 'to', 'subject', 'body', 'sent_at'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    to: { type: 'string' },
    subject: { type: 'string' },
    body: { type: 'string', description: 'Plain text.' },
    sent_at: { type: 'string', format: 'date-time' },
    link: { type: 'string', format: 'uri', description: 'The first link in the body.' },
    code: { type: 'string', description: 'The first code in the body.' },
  },
}

const recipient = ({ exchange }: ControlCall): string | undefined => exchange.query.get('to') ?? undefined

export const mailRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/mail',
    summary: 'The mails of the world, oldest first; with `to` only those to that address.',
    query: ['to'],
    answer: { type: 'array', items: MESSAGE },
    handle: (call) => ok(mailMessages(call.exchange.world, recipient(call))),
  },
  {
    method: 'DELETE',
    path: '/mail',
    summary: 'Empties the mailbox; with `to` only that of one recipient.',
    query: ['to'],
    handle: (call) => {
      deleteMails(call.exchange.world, recipient(call))
      return noContent()
    },
  },
]
