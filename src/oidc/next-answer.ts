import type { OidcProvider } from '../config/settings.ts'
import { isJsonObject, type Json } from '../json.ts'
import type { OidcAnswer } from '../state/records.ts'
import type { World } from '../state/world.ts'

/*
 * What a provider answers from now on, instead of showing its page.
 */

/** What is wrong with an answer, in a sentence. */
export class AnswerRefused extends Error {}

const HINT =
  'Send {"sub": "…", "claims": {"email": "…"}}, with "withoutIdToken": true if you like, or {"error": "access_denied", "error_description": "…"}, or null to show the page again.'

/**
 * Sets what a provider answers, until something else is set.
 * @param body null shows the page again
 * @throws AnswerRefused
 */
export function setNextAnswer(world: World, provider: OidcProvider, body: Json | undefined): void {
  if (body === null) {
    world.oidcAnswers.delete(provider.id)
    return
  }
  world.oidcAnswers.save({ id: provider.id, answer: readAnswer(body) })
}

const KEYS = new Set(['sub', 'claims', 'withoutIdToken', 'error', 'error_description'])

function readAnswer(body: Json | undefined): OidcAnswer['answer'] {
  if (!isJsonObject(body)) throw new AnswerRefused(`The body is no JSON object. ${HINT}`)
  const unknown = Object.keys(body).find((key) => !KEYS.has(key))
  if (unknown !== undefined) throw new AnswerRefused(`"${unknown}" means nothing here. ${HINT}`)
  const { sub, claims = {}, withoutIdToken = false, error, error_description = '' } = body
  if (error !== undefined) {
    if (typeof error !== 'string' || typeof error_description !== 'string') {
      throw new AnswerRefused(`"error" and "error_description" must be texts. ${HINT}`)
    }
    return { error, error_description }
  }
  if (typeof sub !== 'string' || sub === '') throw new AnswerRefused(`"sub" must be a text. ${HINT}`)
  if (!isJsonObject(claims)) throw new AnswerRefused(`"claims" must be an object. ${HINT}`)
  if (typeof withoutIdToken !== 'boolean') throw new AnswerRefused(`"withoutIdToken" must be true or false. ${HINT}`)
  return { sub, claims, withoutIdToken }
}
