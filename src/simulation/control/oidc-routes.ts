import { AnswerRefused } from '../../oidc/next-answer.ts'
import { putNextAnswer, showSignIn, UnknownProvider } from '../../oidc/provider.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

function putNext({ exchange, params, body }: ControlCall) {
  try {
    return putNextAnswer(exchange, params['provider'] ?? '', body)
  } catch (error) {
    if (error instanceof UnknownProvider) throw new ControlError(404, error.message)
    throw error instanceof AnswerRefused ? new ControlError(400, error.message) : error
  }
}

const claims = { type: 'object', description: 'Become traits of the same name.' }

const ANSWER = {
  nullable: true,
  oneOf: [
    {
      type: 'object',
      required: ['sub'],
      properties: {
        sub: { type: 'string', description: 'Who it is, as the provider knows them.' },
        claims,
        withoutIdToken: { type: 'boolean', description: 'The provider forgets its ID token.' },
      },
      additionalProperties: false,
    },
    {
      type: 'object',
      required: ['error'],
      properties: { error: { type: 'string' }, error_description: { type: 'string' } },
      additionalProperties: false,
    },
  ],
}

export const oidcRoutes: readonly ControlRoute[] = [
  {
    method: 'PUT',
    path: '/oidc/{provider}/next',
    summary: 'What the social provider answers from now on, instead of showing its page; null shows the page again.',
    body: ANSWER,
    handle: putNext,
  },
  {
    method: 'GET',
    path: '/oidc/{provider}/authorize',
    summary: 'The sign-in page of the social provider, where Ory sends browsers to.',
    query: ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'prompt', 'claims'],
    handle: ({ exchange, params }) => showSignIn(exchange, params['provider'] ?? ''),
  },
]
