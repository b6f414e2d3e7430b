import { ok, type Reply } from '../http/reply.ts'
import type { Mail } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { arrivedMails, deleteMails } from './mailbox.ts'

/*
 * The mailbox as Mailslurper answers it, the mail catcher of Ory's own set-ups: newest first, fifty to a page, bodies as HTML.
 */

const PAGE = 50

/**
 * Answers a request to Mailslurper's service port: `/mail`, `/mail/{id}`, `/mail/{id}/message`, `/mailcount`.
 * @param method `DELETE /mail` empties the mailbox
 * @returns undefined where Mailslurper has no such route either
 */
export function mailslurper(world: World, path: string, query: URLSearchParams, method = 'GET'): Reply | undefined {
  if (path === '/mail' && method === 'DELETE') return text(200, String(deleteMails(world)))
  if (method !== 'GET') return undefined
  if (path === '/mail') return collection(world, query)
  if (path === '/mailcount') return ok({ mailCount: arrivedMails(world).length })
  const [, id = '', part] = /^\/mail\/([^/]+)(\/message(?:raw)?)?$/.exec(path) ?? []
  if (id === '') return undefined
  const item = dated(world).find((each) => each.mail.id === id)
  if (!item) return text(500, 'Problem getting mail item')
  return part === undefined ? ok(itemBody(item)) : html(item.mail.html)
}

function collection(world: World, query: URLSearchParams): Reply {
  const page = Number(query.get('pageNumber') || '1')
  if (!Number.isInteger(page)) return text(400, 'A valid page number is required')
  const found = dated(world).filter(({ mail }) => matches(mail, query))
  if (query.get('dir') !== 'asc') found.reverse()
  const from = Math.max(0, page - 1) * PAGE
  return ok({
    mailItems: found.slice(from, from + PAGE).map(itemBody),
    totalPages: Math.ceil(found.length / PAGE),
    totalRecords: found.length,
  })
}

function matches(mail: Mail, query: URLSearchParams): boolean {
  const wanted = (key: string) => (query.get(key) ?? '').trim().toLowerCase()
  const holds = (text: string, key: string) => text.toLowerCase().includes(wanted(key))
  return holds(mail.to, 'to') && holds(mail.from, 'from') && holds(`${mail.subject}\n${mail.html}`, 'message')
}

interface DatedMail {
  readonly mail: Mail
  readonly dateSent: string
}

/**
 * Mails with their dates, oldest first. Mailslurper's dates end with the seconds; ours go on, with a running number for
 * mails of the same millisecond, so that who sorts by date gets the order in which they were sent.
 */
function dated(world: World): DatedMail[] {
  let last = Number.NaN
  let count = 0
  return arrivedMails(world).map((mail) => {
    count = mail.sent_at === last ? count + 1 : 0
    last = mail.sent_at
    const at = new Date(mail.sent_at).toISOString()
    return { mail, dateSent: `${at.slice(0, 10)} ${at.slice(11, 23)}${String(count).padStart(3, '0')}` }
  })
}

function itemBody({ mail, dateSent }: DatedMail) {
  return {
    id: mail.id,
    dateSent,
    fromAddress: /<([^<>]+)>$/.exec(mail.from)?.[1] ?? mail.from,
    toAddresses: [mail.to],
    subject: mail.subject,
    xmailer: '',
    mimeVersion: '1.0',
    body: mail.html,
    contentType: 'text/html; charset=UTF-8',
    boundary: '',
    attachments: [],
    transferEncoding: 'quoted-printable',
    Message: null,
    InlineAttachments: null,
    TextBody: mail.body,
    HTMLBody: mail.html,
  }
}

const text = (status: number, body: string): Reply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=UTF-8' },
  text: body,
})

const html = (body: string): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=UTF-8' },
  text: body,
})
