import { textOfBase64Url } from '../config/identity-schemas.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Mail } from '../state/records.ts'

/*
 * Ory's mails, and the overrides of a project (kratos-settings-recovery-verification-mfa §5). Of Go's template language
 * only `{{ .Key.of.a.key }}` is evaluated; every other action stays in the text as it is written.
 */

export type MailKind = Mail['template_type']

/** What a template can name. */
export interface MailModel {
  readonly To: string
  readonly RecoveryURL?: string
  readonly VerificationURL?: string
  readonly Identity?: Json
}

interface Template {
  readonly subject: string
  readonly plaintext: string
  readonly html: string
}

const paragraphs = (...texts: readonly string[]): string => `${texts.join('\n\n')}\n`

const plain = (subject: string, text: string): Template => ({ subject, plaintext: text, html: text })

const withLink = (subject: string, texts: readonly string[], url: string): Template => ({
  subject,
  plaintext: paragraphs(...texts, `{{ .${url} }}`),
  html: paragraphs(...texts, `<a href="{{ .${url} }}">{{ .${url} }}</a>`),
})

const IF_YOU = 'If this was you, check if you signed up using a different address.'
const IF_NOT_YOU = 'If this was not you, please ignore this email.'

const BUILT_IN: Readonly<Record<MailKind, Template>> = {
  recovery_valid: withLink(
    'Recover access to your account',
    ['Hi,', 'please recover access to your account by clicking the following link:'],
    'RecoveryURL',
  ),
  recovery_invalid: plain(
    'Account access attempted',
    paragraphs(
      'Hi,',
      'you (or someone else) entered this email address when trying to recover access to an account.',
      'However, this email address is not on our database of registered users and therefore the attempt has failed.',
      IF_YOU,
      IF_NOT_YOU,
    ),
  ),
  verification_valid: withLink(
    'Please verify your email address',
    ['Hi, please verify your account by clicking the following link:'],
    'VerificationURL',
  ),
  verification_invalid: plain(
    'Someone tried to verify this email address',
    paragraphs(
      'Hi,',
      'someone asked to verify this email address, but we were unable to find an account for this address.',
      IF_YOU,
      IF_NOT_YOU,
    ),
  ),
}

/**
 * Subject and bodies of a mail.
 * @param overrides `courier.templates` as configured; a part that it leaves out is Ory's own
 */
export function renderMail(kind: MailKind, model: MailModel, overrides: JsonObject): Template {
  const { subject, plaintext, html } = { ...BUILT_IN[kind], ...overrideOf(kind, overrides) }
  const text = (template: string) => evaluate(template, model, (value) => value)
  return { subject: text(subject).trim(), plaintext: text(plaintext), html: evaluate(html, model, escapeHtml) }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
])

/** As Go's templates write it: clients look for `&amp;` in the links of a mail. */
const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, (char) => ESCAPES.get(char) ?? char)

/** `courier.templates.recovery.valid.email.{subject,body.plaintext,body.html}`, each a `base64://` address. */
function overrideOf(kind: MailKind, overrides: JsonObject): Partial<Template> {
  const email = at(overrides, [...kind.split('_'), 'email'])
  const parts = { subject: ['subject'], plaintext: ['body', 'plaintext'], html: ['body', 'html'] }
  const override: { -readonly [part in keyof Template]?: string } = {}
  for (const part of ['subject', 'plaintext', 'html'] as const) {
    const url = at(email, parts[part])
    const text = typeof url === 'string' ? textOfBase64Url(url) : undefined
    if (text !== undefined) override[part] = text
  }
  return override
}

const ACTION = /(?:\s*\{\{-\s|\{\{)\s*((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*(?:\s-\}\}\s*|\}\})/g

function evaluate(template: string, model: MailModel, write: (value: string) => string): string {
  return template.replace(ACTION, (_, path: string) => {
    const value = at(model as unknown as JsonObject, path.slice(1).split('.'))
    if (value === undefined || value === null) return write('<no value>')
    return write(typeof value === 'object' ? JSON.stringify(value) : String(value))
  })
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value
  for (const key of path) found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
  return found
}
