import type { AfterFlow, Hook } from '../config/settings.ts'
import { plainError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Flow, UiText } from '../state/records.ts'
import { FormError } from './form-errors.ts'

/** The names of the hooks that run after a flow: those of its method, or else those for all methods. */
export function hooksAfter(after: AfterFlow, method: string): ReadonlySet<string> {
  return new Set(hooksOf(after, method).map(({ hook }) => hook))
}

function hooksOf(after: AfterFlow, method: string): readonly Hook[] {
  const own = after.methods[method]?.hooks
  return own && own.length > 0 ? own : after.hooks
}

/**
 * Lets the web hooks after a flow interrupt it (kratos-login-registration-sessions §0, §7.1). Nobody is asked outside: a
 * hook counts only where its settings say what it answered, `{answer: {messages}}`, `{answer: "…"}` for what is no JSON, or
 * `{failure}` where it could not be reached.
 * @throws FormError with the first message of the answer; OryError with a body of 500 for an answer that is of no use
 */
export function askWebHooks(after: AfterFlow, method: string, { type }: Pick<Flow, 'type'>): void {
  for (const { hook, config = {} } of hooksOf(after, method)) {
    if (hook !== 'web_hook') continue
    const { answer, failure } = config
    const status = type === 'api' ? 400 : 500
    if (typeof failure === 'string') throw plainError(failure, status)
    if (typeof answer === 'string') throw plainError(notJson(answer), status)
    if (isJsonObject(answer)) refuse(answer)
  }
}

const notJson = (answer: string): string =>
  `hook response could not be unmarshalled properly from JSON: invalid character '${answer[0]}' looking for beginning of value`

function refuse({ messages }: JsonObject): void {
  const [first] = objects(messages)
  const [detail] = objects(first?.['messages'])
  if (!first || !detail) return
  const { id, text, type, context } = detail
  const message: UiText = {
    id: Number(id),
    text: String(text),
    type: type === 'error' ? 'error' : 'info',
    ...(isJsonObject(context) ? { context } : {}),
  }
  throw new FormError(message, nodeAt(String(first['instance_ptr'] ?? '')))
}

const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : []

/** `#/traits/email` is the node `traits.email`. */
const nodeAt = (pointer: string): string => pointer.replace(/^#?\/?/, '').replaceAll('/', '.')
