import type { OidcProvider } from '../config/settings.ts'
import type { Call } from '../http/call.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { OidcAnswer } from '../state/records.ts'
import { issueCode } from './exchange.ts'
import { problemPage, signInPage } from './page.ts'
import { knownPeople, type Person, personOf, typedPerson } from './people.ts'
import { callbackUrl } from './sign-in-address.ts'

/** What a client asks of the provider: an authorization request of OAuth 2. */
interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly scopes: readonly string[]
}

const PARAMETERS = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'prompt', 'claims']

/**
 * GET /__mock/oidc/{provider}/authorize: answers at once when the provider was told what to answer, else shows the
 * sign-in page, whose forms come back here with who was chosen.
 */
export function authorize(call: Call, provider: OidcProvider): Reply {
  const problem = problemOf(call, provider)
  if (problem !== undefined) return problemPage(400, problem)
  const request = readRequest(call)
  const told = call.world.oidcAnswers.get(provider.id)
  if (told) return answer(call, provider, request, told.answer)
  if (call.query.has('refuse')) {
    return sendBack(call, request, {
      error: 'access_denied',
      error_description: 'The resource owner denied the request.',
    })
  }
  const person = chosenPerson(call, provider)
  if (person) return consent(call, provider, request, person)
  return signInPage({
    provider: provider.label ?? provider.id,
    client: provider.client_id,
    scopes: request.scopes,
    people: knownPeople(call.world, provider),
    request: PARAMETERS.flatMap((name) => {
      const value = call.query.get(name)
      return value === null ? [] : [[name, value] as const]
    }),
  })
}

/** Only our own callback is sent back to: else any page could send people anywhere through this one. */
function problemOf(call: Call, provider: OidcProvider): string | undefined {
  const wanted = callbackUrl(call, provider)
  const given = call.query.get('redirect_uri') ?? ''
  if (given !== wanted) {
    return `The address to go back to is "${given}", but the callback of the provider "${provider.id}" is "${wanted}". Start again from the application; do not change between host names.`
  }
  if (call.query.get('response_type') !== 'code') return 'Only response_type=code is answered here.'
  return undefined
}

function readRequest({ query }: Call): AuthorizationRequest {
  return {
    redirectUri: query.get('redirect_uri') ?? '',
    state: query.get('state') ?? '',
    scopes: (query.get('scope') ?? '').split(/\s+/).filter((scope) => scope !== ''),
  }
}

function answer(call: Call, provider: OidcProvider, request: AuthorizationRequest, told: OidcAnswer['answer']): Reply {
  if ('error' in told) return sendBack(call, request, told)
  const { sub: subject, claims, withoutIdToken } = told
  const { redirectUri: redirect_uri, scopes } = request
  const granted = { redirect_uri, scope: scopes.join(' '), subject, claims, with_id_token: !withoutIdToken }
  return sendBack(call, request, { code: issueCode(call.world, provider, granted).id })
}

/** Who was chosen on the page; undefined when nobody was yet. */
function chosenPerson({ query, world }: Call, provider: OidcProvider): Person | undefined {
  const chosen = query.get('as')
  if (chosen === null) return undefined
  if (chosen === 'new') {
    const typed = (name: string) => (query.get(name) ?? '').trim()
    return typedPerson(world, provider, typed('email'), typed('name'))
  }
  const identity = world.identities.get(chosen)
  return identity && personOf(identity, provider)
}

/** Whoever does not share the address withholds the scope that asks for it, too. */
function consent(call: Call, provider: OidcProvider, request: AuthorizationRequest, person: Person): Reply {
  const shares = call.query.has('share_email')
  const { email, email_verified, ...others } = person.claims
  const granted = {
    redirect_uri: request.redirectUri,
    scope: request.scopes.filter((scope) => shares || !scope.includes('email')).join(' '),
    subject: person.subject,
    claims: shares ? person.claims : others,
    with_id_token: true,
  }
  return sendBack(call, request, { code: issueCode(call.world, provider, granted).id })
}

function sendBack(call: Call, { redirectUri, state }: AuthorizationRequest, result: Record<string, string>): Reply {
  const query = new URLSearchParams({ state, ...result })
  return redirect(303, `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`, call.method)
}
