import { TOTP } from 'otpauth'
import { type FlowBody, nodeOf } from './people.ts'

/** The secret that a settings flow shows for an authenticator app. @throws when it shows none */
export function totpSecretOf(flow: FlowBody): string {
  const attributes = nodeOf(flow, 'totp_secret_key')?.attributes
  if (attributes?.node_type !== 'text') throw new Error('the flow shows no secret')
  return attributes.text.text
}

/** What an authenticator app shows at an instant in milliseconds. */
export const totpCodeAt = (timestamp: number, secret: string): string => new TOTP({ secret }).generate({ timestamp })
