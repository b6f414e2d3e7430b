import { CONTINUITY_COOKIE } from '../../../flows/continuity.ts'
import type { Call } from '../../../http/call.ts'
import { submitOf } from '../operation-ids.ts'
import { withCookies, withQuery } from '../request-change.ts'
import {
  backTo,
  firstVisit,
  silently,
  spendCode,
  unreachable,
  unwelcome,
  withoutIdToken,
  withoutScopes,
  withTakenIdentifier,
} from '../social-callback.ts'
import { byProvider, byRemovedProvider, isOf, linkTwice, unlinkLast, unlinkUnknown } from '../social-submit.ts'
import type { RequestChange, SwitchDefinition, SwitchEffect } from '../switch.ts'

/*
 * ecosystem §4.6. Of what goes wrong at the provider, the callback tells.
 */

const CALLBACK = ['receiveSelfServiceOidcCallback'] as const
const SETTINGS = submitOf('Settings')
const SUBMIT = submitOf('Login', 'Registration', 'Settings')

type Arrange = (call: Call) => RequestChange | undefined

interface Row {
  readonly title: string
  readonly how: string
  readonly status: number
  readonly sees: string
}

const row = (operations: readonly string[], { title, how, status, sees }: Row, effect: SwitchEffect) => ({
  title,
  operations,
  how,
  status,
  sees,
  effect,
})

/** Said where the browser comes back to. @param concerns which callbacks; all without it */
const atCallback = (about: Row, change: Arrange, concerns?: SwitchEffect['concerns']) =>
  row(CALLBACK, about, { ...(concerns && { concerns }), before: ({ call }) => change(call) })

/** Said in the flow that was begun. */
const inFlow = (about: Omit<Row, 'status'>, change: Arrange, concerns?: SwitchEffect['concerns']) =>
  atCallback({ ...about, status: 400, sees: `400 with the flow, a browser its page: ${about.sees}` }, change, concerns)

/** Said before the flow is known. */
const onErrorPage = (about: Omit<Row, 'status'>, change: Arrange) =>
  atCallback({ ...about, status: 400, sees: `400, a browser the error page: ${about.sees}` }, change)

const inSettings = (about: Omit<Row, 'status'>, change: Arrange) =>
  row(
    SETTINGS,
    { ...about, status: 400, sees: `400 with the flow: ${about.sees}` },
    { before: ({ call }) => change(call) },
  )

export const social = {
  'oidc-redirect': row(
    SUBMIT,
    {
      title: 'The browser has to go to the social provider',
      how: 'Somebody chooses a provider; whatever was submitted, it is as if its button had been pressed. Flows of native apps are not met.',
      status: 422,
      sees: '422 browser_location_change_required with redirect_browser_to; a form gets 303.',
    },
    { concerns: isOf('browser'), before: ({ call }) => byProvider(call) },
  ),
  'oidc-provider-denied': inFlow(
    {
      title: 'The sign-in at the provider was refused',
      how: 'Somebody presses "cancel" there.',
      sees: '4000001 with the error and the description of the provider.',
    },
    (call) =>
      withQuery(call, {
        code: undefined,
        authCode: undefined,
        error: 'access_denied',
        error_description: 'The resource owner denied the request.',
      }),
  ),
  'oidc-provider-unreachable': atCallback(
    {
      title: 'The provider cannot be reached for tokens',
      how: 'The provider is down, or a firewall lies in between.',
      status: 500,
      sees: '500, in settings 400 although the body says 500; a browser is sent to the error page.',
    },
    unreachable,
  ),
  'oidc-token-exchange-fails': atCallback(
    {
      title: 'The provider gives no tokens for the code',
      how: 'The page is reloaded: the code has been used already.',
      status: 500,
      sees: '500 "oauth2: cannot fetch token: …", in settings 400 although the body says 500; a browser is sent to the error page.',
    },
    spendCode,
  ),
  'oidc-state-missing': onErrorPage(
    {
      title: 'The provider returns no state',
      how: 'A provider that forgets it, or an address written by hand.',
      sees: 'the OpenID Provider did not return the state query parameter.',
    },
    (call) => withQuery(call, { state: undefined }),
  ),
  'oidc-state-mismatch': onErrorPage(
    {
      title: 'The provider returns the state of another sign-in',
      how: 'Two tabs: the browser keeps the later sign-in alone.',
      sees: 'the query state parameter does not match the state parameter from the session cookie.',
    },
    (call) => withQuery(call, { state: call.world.chance.uuid() }),
  ),
  'oidc-code-missing': inFlow(
    {
      title: 'The provider returns no code',
      how: 'A provider that is set up for another kind of answer.',
      sees: '4000001: the OpenID Provider did not return the code query parameter.',
    },
    (call) => withQuery(call, { code: undefined, authCode: undefined }),
  ),
  'oidc-no-resumable-session': onErrorPage(
    {
      title: 'The browser has lost the cookie of the sign-in',
      how: 'SameSite, another browser, cookies that are blocked.',
      sees: '"no resumable session found".',
    },
    (call) => withCookies(call, { [CONTINUITY_COOKIE]: undefined }),
  ),
  'oidc-id-token-missing': inFlow(
    {
      title: 'The provider gives no ID token',
      how: 'Consent without the permission openid.',
      sees: '4000001: no id_token was returned.',
    },
    withoutIdToken,
  ),
  'oidc-scope-missing': inFlow(
    {
      title: 'A permission was not granted at the provider',
      how: 'Consent without the e-mail address, at a provider that says what it grants: GitHub, for example.',
      sees: '4000001: one or more permissions were not granted.',
    },
    withoutScopes,
  ),
  'oidc-traits-missing': inFlow(
    {
      title: 'The provider says too little for a sign-up',
      how: 'It knows no e-mail address, or does not tell. What was typed before counts. Somebody known is a newcomer.',
      sees: 'a registration with the traits, csrf_token and "Continue" alone, all in the group oidc; 4000002 at what is missing.',
    },
    silently,
    backTo('login', 'registration'),
  ),
  'oidc-account-exists': inFlow(
    {
      title: 'Somebody has signed up with the address already',
      how: 'The first time it was a password, now it is a provider. The other account is made if there is none.',
      sees: 'a registration with 4000007 above the traits in the group oidc.',
    },
    withTakenIdentifier,
    backTo('login', 'registration'),
  ),
  'oidc-sign-in-becomes-sign-up': {
    title: 'A sign-in at a provider becomes a sign-up',
    operations: CALLBACK,
    how: 'The first visit. Somebody known is a newcomer, with an address of their own.',
    sees: 'As after a sign-up: 303, and an identity more; or a registration that asks for what the provider does not say.',
    effect: { concerns: backTo('login'), before: ({ call }) => firstVisit(call) },
  },
  'oidc-sign-up-disabled': inFlow(
    {
      title: 'A sign-in at a provider would become a sign-up, and nobody may sign up',
      how: 'Accounts are made by invitation. Somebody known is a newcomer; registration is open again when the switch is cleared.',
      sees: '4000001 in the login: Registration is not allowed because it was disabled.',
    },
    unwelcome,
    backTo('login'),
  ),
  'oidc-on-api-flow': row(
    SUBMIT,
    {
      title: 'A native app submits a social provider',
      how: 'Whatever was submitted, it is as if a provider had been chosen. Flows of browsers are not met.',
      status: 400,
      sees: '400 with the flow and 4000001: only supported for flows initiated using the Browser endpoint.',
    },
    { concerns: isOf('api'), before: ({ call }) => byProvider(call) },
  ),
  'oidc-unknown-provider': row(
    SUBMIT,
    {
      title: 'The provider has been removed',
      how: 'The form was made before the configuration changed. In settings it is a link that somebody still has, and keeps. The provider is back when the switch is cleared.',
      status: 404,
      sees: '404: OpenID Connect Provider "…" is unknown or has not been configured; a browser is sent to the error page.',
    },
    { before: ({ call }) => byRemovedProvider(call) },
  ),
  'oidc-link-twice': inSettings(
    {
      title: 'The provider is linked already',
      how: 'A second tab. Whoever has no link gets one, and keeps it.',
      sees: '4000001: can not link unknown or already existing OpenID Connect connection.',
    },
    linkTwice,
  ),
  'oidc-unlink-unknown': inSettings(
    {
      title: 'The provider to unlink is not linked',
      how: 'A second tab has unlinked it.',
      sees: '4000001: can not unlink non-existing OpenID Connect connection.',
    },
    unlinkUnknown,
  ),
  'oidc-unlink-last': inSettings(
    {
      title: 'The provider to unlink is the only way in',
      how: 'Somebody signed up with it and has no password. Whoever has one loses it, and gets a link.',
      sees: '4000001: can not unlink non-existing OpenID Connect connection.',
    },
    unlinkLast,
  ),
} as const satisfies Record<string, SwitchDefinition>
