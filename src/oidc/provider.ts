import type { Call } from '../http/call.ts'
import { noContent, type Reply } from '../http/reply.ts'
import type { Json } from '../json.ts'
import { authorize } from './authorize.ts'
import { setNextAnswer } from './next-answer.ts'
import { problemPage } from './page.ts'
import { findProvider } from './sign-in-address.ts'

/*
 * The built-in social provider: every provider of the configuration has a sign-in address here, and can be told what to
 * answer. The control API mounts both (simulation/control/oidc-routes.ts).
 */

/** The configuration has no such provider; the message says which it has. */
export class UnknownProvider extends Error {
  constructor({ world }: Pick<Call, 'world'>, id: string) {
    const ids = world.settings.selfservice.methods.oidc.config.providers.map((provider) => provider.id)
    const known = ids.length === 0 ? 'It has none.' : `It has: ${ids.join(', ')}.`
    super(`The configuration has no social provider "${id}" (selfservice.methods.oidc.config.providers). ${known}`)
  }
}

/** GET /__mock/oidc/{provider}/authorize: what a browser sees, pages in any case. */
export function showSignIn(call: Call, id: string): Reply {
  const provider = findProvider(call.world, id)
  return provider ? authorize(call, provider) : problemPage(404, new UnknownProvider(call, id).message)
}

/**
 * PUT /__mock/oidc/{provider}/next: `{sub, claims, withoutIdToken}`, `{error, error_description}`, or null for the page.
 * @throws UnknownProvider, AnswerRefused
 */
export function putNextAnswer(call: Call, id: string, body: Json | undefined): Reply {
  const provider = findProvider(call.world, id)
  if (!provider) throw new UnknownProvider(call, id)
  setNextAnswer(call.world, provider, body)
  return noContent()
}
