import { internal } from '../../../errors.ts'
import type { Call } from '../../../http/call.ts'
import { refuse } from '../arrange.ts'
import { submitOf } from '../operation-ids.ts'
import { underPasswordPolicy } from '../project-view.ts'
import { fieldOf, withFields } from '../request-change.ts'
import type { Arrangement, SwitchContext, SwitchDefinition, SwitchEffect } from '../switch.ts'
import {
  badFormat,
  breached,
  duplicate,
  longPassword,
  missingIdentifier,
  nothingChanged,
  requiredTrait,
  shortPassword,
  similar,
  tooHigh,
  tooShort,
  unknownTrait,
  unverified,
  withoutIdentifiers,
} from '../typed-values.ts'

/*
 * ecosystem §4.3, first part: what is wrong with what somebody typed.
 */

const LOGIN = submitOf('Login')
const SIGN_UP = submitOf('Registration')
const LOGIN_OR_SIGN_UP = submitOf('Login', 'Registration')
const NEW_VALUES = submitOf('Registration', 'Settings')

/** A password is typed, or a new one. */
const bringsPassword = (call: Call): boolean => fieldOf(call, 'method') === 'password'

/** Traits are typed: whatever the method at a sign-up, in settings the profile. */
const bringsTraits = (call: Call, operationId: string): boolean =>
  operationId !== 'submitSelfServiceSettingsFlow' || fieldOf(call, 'method') === 'profile'

/** Somebody says who they are, or is going to be: not by a second factor. */
const bringsIdentifier = (call: Call): boolean => !['totp', 'lookup_secret'].includes(fieldOf(call, 'method'))

/** A submit that is answered by its own form. */
const refused = (
  title: string,
  operations: readonly string[],
  how: string,
  sees: string,
  before: (context: SwitchContext) => Arrangement,
  concerns: NonNullable<SwitchEffect['concerns']>,
) => ({
  title,
  operations,
  how,
  status: 400 as const,
  sees: `400 with the flow; ${sees}`,
  effect: { concerns, before },
})

export const credentials = {
  'invalid-credentials': refused(
    'Identifier or password is wrong',
    LOGIN,
    'A typo; somebody who never signed up.',
    '4000006 above the form, the same for unknown people and wrong passwords.',
    ({ call }) => withFields(call, { password: `not ${fieldOf(call, 'password')}` }),
    bringsPassword,
  ),
  'identifier-missing': refused(
    'The identifier is missing',
    LOGIN_OR_SIGN_UP,
    'An empty form is sent.',
    '4000002 at the node of the identifier (identifier, or the trait).',
    missingIdentifier,
    bringsIdentifier,
  ),
  'password-missing': refused(
    'The password is missing',
    LOGIN_OR_SIGN_UP,
    'An empty form is sent.',
    '4000002 at the node password.',
    ({ call }) => withFields(call, { password: undefined }),
    bringsPassword,
  ),
  'trait-required': refused(
    'A trait is missing',
    NEW_VALUES,
    'The form lacks a field that the identity schema requires.',
    '4000002 at the node of the trait.',
    ({ call }) => requiredTrait(call),
    bringsTraits,
  ),
  'trait-unknown-property': refused(
    'There is a trait that the schema does not know',
    NEW_VALUES,
    'The client knows another version of the identity schema. Forms drop such fields; JSON does not.',
    '4000001 at the node traits.',
    ({ call }) => unknownTrait(call),
    bringsTraits,
  ),
  'trait-bad-format': refused(
    'A trait has the wrong format',
    NEW_VALUES,
    'An e-mail address or URI with a typo.',
    '4000001 at the node of the trait, with what the JSON Schema says.',
    ({ call }) => badFormat(call),
    bringsTraits,
  ),
  'trait-too-short': refused(
    'A trait is too short',
    NEW_VALUES,
    'Fewer letters than the identity schema asks for.',
    '4000001 at the node of the trait: length must be >= …',
    ({ call }) => tooShort(call),
    bringsTraits,
  ),
  'trait-number-too-high': refused(
    'A number is too high',
    NEW_VALUES,
    'A number beyond the maximum of the identity schema, which gets a number where it has none.',
    '4000001 at the node of the trait.',
    ({ call }) => tooHigh(call),
    bringsTraits,
  ),
  'password-breached': refused(
    'The password was found in data breaches',
    NEW_VALUES,
    'A password that many others have.',
    '4000005 at the node password.',
    ({ call }) => breached(call),
    bringsPassword,
  ),
  'password-too-similar': refused(
    'The password is too similar to the identifier',
    NEW_VALUES,
    'The e-mail address as password.',
    '4000005 at the node password.',
    ({ call }) => similar(call),
    bringsPassword,
  ),
  'password-too-short': refused(
    'The password is too short',
    NEW_VALUES,
    'Fewer letters than min_password_length.',
    '4000005 at the node password.',
    ({ call }) => shortPassword(call),
    bringsPassword,
  ),
  'password-too-long-for-hash': refused(
    'The password is too long for bcrypt',
    NEW_VALUES,
    'More than 72 bytes, while hashers.algorithm is bcrypt.',
    '4000005 at the node password.',
    ({ call }) => longPassword(call),
    bringsPassword,
  ),
  'breach-api-down': {
    title: 'The service that knows breached passwords cannot be reached',
    operations: NEW_VALUES,
    status: 500,
    how: 'haveibeenpwned.com is down; ignore_network_errors decides (true by default).',
    sees: '500 without an id, HTML clients the error page; the usual answer with the parameter ignored.',
    parameters: { ignored: { type: 'boolean', default: false, help: 'as with ignore_network_errors: true' } },
    effect: {
      concerns: (call) => fieldOf(call, 'password') !== '',
      before: (context) => {
        if (context.parameters['ignored'] === true) {
          return underPasswordPolicy(context.call, { haveibeenpwned_enabled: false })
        }
        const reason = 'Unable to check whether the password has been found in data breaches.'
        return refuse(context, internal(reason, 'dial tcp: lookup api.pwnedpasswords.com: no such host'))
      },
    },
  },
  'duplicate-identifier': refused(
    'Somebody else has the identifier',
    NEW_VALUES,
    'The account exists already.',
    '4000007 above the form.',
    ({ call }) => duplicate(call),
    bringsTraits,
  ),
  'no-login-identifier': refused(
    'The schema has no identifier to sign in by',
    SIGN_UP,
    'An identity schema without ory.sh/kratos credentials.',
    '4000009 above the form.',
    ({ call }) => withoutIdentifiers(call),
    bringsTraits,
  ),
  'address-not-verified': refused(
    'The address is not verified yet',
    LOGIN,
    'The hook require_verified_address, and somebody who did not open the mail.',
    '4000010 above the form.',
    ({ call }) => unverified(call),
    bringsPassword,
  ),
  'no-changes': refused(
    'Nothing was changed',
    submitOf('Settings'),
    'The profile is saved without an edit.',
    '4000001 above the form.',
    ({ call }) => nothingChanged(call),
    bringsTraits,
  ),
} as const satisfies Record<string, SwitchDefinition>
